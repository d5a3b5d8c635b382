import type { Credentials } from "../api/credentials.js";
import { SettingsError } from "../errors/errors.js";
import type { Setting } from "../settings/reading.js";
import type { RoleSettings } from "../settings/role.js";
import { cloudSso, oauth } from "./browserSessions.js";
import { noCredentials, type SignInContext, toCredentials } from "./common.js";
import { credentialsFromUri, externalCommand } from "./external.js";
import { instanceRole } from "./metadata.js";
import { cliFile, expandHome, type Profile, type ProfileFile, readProfileFile, sdkFile } from "./profiles.js";
import { assumeRole, assumeRoleWithOidc, type StsSettings } from "./sts.js";

type Mode = (profile: Profile, context: SignInContext, seen: readonly string[]) => Promise<Credentials>;

/** The sign-in method of each `mode` of the command-line client and each `type` of the SDKs' file. */
const modes: Readonly<Record<string, Mode>> = {
  AK: staticKeys,
  StsToken: staticKeys,
  RamRoleArn: roleOfKeys,
  ChainableRamRoleArn: roleOfSource,
  EcsRamRole: instance,
  RamRoleArnWithRoleName: roleOfInstance,
  OIDC: oidc,
  CredentialsURI: (profile, context) => credentialsFromUri(setting(profile, "credentials_uri"), context),
  External: (profile) => externalCommand(profile.required("process_command"), profile.source),
  CloudSSO: cloudSso,
  OAuth: oauth,
  access_key: staticKeys,
  sts: staticKeys,
  ecs_ram_role: instance,
  ram_role_arn: roleOfKeys,
  oidc_role_arn: oidc,
};

/** Signs in with a profile of a file. */
export async function signInWithProfile(
  file: ProfileFile,
  name: string,
  context: SignInContext,
  seen: readonly string[] = [],
): Promise<Credentials> {
  const source = `profile "${name}" of ${file.path}`;
  const fields = file.profiles.get(name);
  if (fields === undefined) {
    throw noCredentials(
      `Sign-in with profile "${seen.at(-1)}" of ${file.path} failed: its source_profile "${name}" doesn't exist.`,
    );
  }
  if (seen.includes(name)) {
    throw noCredentials(
      `Sign-in with ${source} failed: its source_profile chain is circular (${[...seen, name].join(" → ")}).`,
    );
  }
  const text = (field: string): string | undefined => {
    const value = fields[field];
    return typeof value === "string" && value.trim() !== "" ? value.trim() : undefined;
  };
  const required = (field: string): string => {
    const value = text(field);
    if (value === undefined) {
      throw noCredentials(`Sign-in with ${source} failed: ${field} is missing.`);
    }
    return value;
  };
  const named = text("mode") ?? text("type") ?? "AK";
  const mode = Object.hasOwn(modes, named) ? modes[named] : undefined;
  if (mode === undefined) {
    throw noCredentials(
      `Sign-in with ${source} failed: the mode "${named}" is not supported.`,
      `Use one of ${Object.keys(modes).join(", ")}.`,
    );
  }
  const credentials = await mode({ file, name, source, fields, text, required }, context, [...seen, name]);
  const { providerName } = credentials;
  // Other methods name themselves as the source, but the user configured the profile.
  return seen.length > 0 ? credentials : { ...credentials, providerName: `cli_profile/${providerName}` };
}

async function staticKeys({ text, required, source }: Profile): Promise<Credentials> {
  const token = text("sts_token") ?? text("security_token");
  const keys = {
    accessKeyId: required("access_key_id"),
    accessKeySecret: required("access_key_secret"),
    securityToken: token,
  };
  return toCredentials(keys, source, token === undefined ? "static_ak" : "static_sts");
}

function roleOfKeys(profile: Profile, context: SignInContext): Promise<Credentials> {
  return assumeRole(
    { getCredentials: () => staticKeys(profile) },
    roleOf(profile),
    stsSettings(profile),
    context,
  );
}

function roleOfSource(
  profile: Profile,
  context: SignInContext,
  seen: readonly string[],
): Promise<Credentials> {
  const sourceProfile = profile.required("source_profile");
  const base = { getCredentials: () => signInWithProfile(profile.file, sourceProfile, context, seen) };
  return assumeRole(base, roleOf(profile), stsSettings(profile), context);
}

function instance({ text, source }: Profile, context: SignInContext): Promise<Credentials> {
  return instanceRole(text("ram_role_name") ?? text("role_name"), source, context);
}

function roleOfInstance(profile: Profile, context: SignInContext): Promise<Credentials> {
  const base = { getCredentials: () => instance(profile, context) };
  return assumeRole(base, roleOf(profile), stsSettings(profile), context);
}

function oidc(profile: Profile, context: SignInContext): Promise<Credentials> {
  const path = expandHome(
    profile.text("oidc_token_file") ?? profile.required("oidc_token_file_path"),
    context.environment.home,
  );
  const token = { file: { value: path, key: "oidc_token_file", source: profile.source } };
  const providerArn = profile.required("oidc_provider_arn");
  return assumeRoleWithOidc(providerArn, token, roleOf(profile), stsSettings(profile), context);
}

function roleOf(profile: Profile): RoleSettings {
  const { text, fields } = profile;
  const seconds = Number(fields.expired_seconds ?? fields.duration_seconds ?? 0);
  return {
    roleArn: setting(profile, fields.role_arn === undefined ? "ram_role_arn" : "role_arn"),
    sessionName: text("ram_session_name") ?? text("role_session_name") ?? "pulumi-outboundbot",
    policy: text("policy"),
    sessionExpiration: seconds > 0 ? seconds : 3600,
    externalId: text("external_id"),
  };
}

function stsSettings({ text, fields }: Profile): StsSettings {
  const vpc = fields.enable_vpc;
  return {
    endpoint: text("sts_endpoint"),
    region: text("sts_region"),
    vpc: typeof vpc === "boolean" ? vpc : undefined,
  };
}

function setting({ required, source }: Profile, field: string): Setting {
  return { value: required(field), key: field, source };
}

/**
 * Returns the credentials of a named profile. Without a file, searches the command-line client's file first, then the file of the
 * vendor's SDKs.
 *
 * @throws SettingsError `NoCredentials` that names the files searched.
 */
export async function profileCredentials(
  name: Setting | undefined,
  file: Setting | undefined,
  context: SignInContext,
): Promise<Credentials> {
  const asked = name === undefined ? "the current profile" : `profile "${name.value}"`;
  const paths = file === undefined ? [cliFile, sdkFile] : [file.value];
  const problems: string[] = [];
  for (const path of paths) {
    const found = await open(expandHome(path, context.environment.home), problems);
    if (found === undefined) {
      continue;
    }
    const profileName = name?.value ?? found.current;
    if (found.profiles.has(profileName)) {
      return signInWithProfile(found, profileName, context);
    }
    problems.push(`${found.path} has no profile "${profileName}"${others(found)}`);
  }
  const settings = [name, file].filter((setting) => setting !== undefined);
  throw noCredentials(
    `Sign-in with ${asked} failed: ${problems.join("; ")}.`,
    `Check the value of ${settings.map(({ source }) => source).join(" and ")}.`,
  );
}

async function open(path: string, problems: string[]): Promise<ProfileFile | undefined> {
  try {
    return await readProfileFile(path);
  } catch (error) {
    if (!SettingsError.isInstance(error)) {
      throw error;
    }
    problems.push(error.reason);
    return undefined;
  }
}

function others({ profiles }: ProfileFile): string {
  const names = [...profiles.keys()];
  const shown = names.slice(0, 10).map((name) => `"${name.slice(0, 40)}"`);
  const more = names.length > shown.length ? ` and ${names.length - shown.length} more` : "";
  return shown.length === 0 ? " (it has none)" : ` (it has ${shown.join(", ")}${more})`;
}
