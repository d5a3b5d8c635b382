import type { Credentials, CredentialsSource } from "../api/credentials.js";
import { cloudSso, oauth } from "./browserSessions.js";
import { credentialsIn, quoted, type SignInContext } from "./common.js";
import { credentialsFromUri, printedProfile } from "./external.js";
import { instanceRole } from "./metadata.js";
import type { Profile } from "./profile.js";
import { assumeRole, assumeRoleWithOidc } from "./sts.js";

/** Gets the credentials of a profile. `base` is the other identity that assumes its role. */
type Mode = (profile: Profile, context: SignInContext, base?: CredentialsSource) => Promise<Credentials>;

/**
 * Every mode of the command-line client and every type of the SDKs' file. The configuration has the same modes. Each mode reads
 * its own fields only, because the vendor's tools leave the fields of a former mode in a profile, such as a security token.
 */
const modes: Readonly<Record<string, Mode>> = {
  AK: accessKey,
  StsToken: temporaryKey,
  RamRoleArn: roleOf((profile) => keys(profile, profile.text("sts_token"))),
  ChainableRamRoleArn: (profile, context, base) =>
    assumeRole(base ?? profile.fail("source_profile is missing."), profile, context),
  EcsRamRole: instanceRole,
  RamRoleArnWithRoleName: roleOf(instanceRole),
  OIDC: assumeRoleWithOidc,
  CredentialsURI: unlessDisabled(credentialsFromUri),
  External: unlessDisabled(external),
  CloudSSO: unlessStored(cloudSso),
  OAuth: unlessStored(oauth),
  access_key: accessKey,
  sts: temporaryKey,
  ecs_ram_role: instanceRole,
  ram_role_arn: roleOf(accessKey),
  oidc_role_arn: assumeRoleWithOidc,
};

/** Returns the mode of a profile. Without one, the fields show it, as in the command-line client. */
export function modeOf(profile: Profile): Mode {
  const has = (field: string) => profile.text(field) !== undefined;
  const shown = has("sts_token") ? "StsToken" : has("ram_role_arn") ? "RamRoleArn" : "AK";
  const name = profile.text("mode", "type") ?? shown;
  const known = Object.keys(modes).find((mode) => mode.toLowerCase() === name.toLowerCase());
  return (
    modes[known ?? ""] ??
    profile.fail(`the mode ${quoted(name)} is not supported.`, `Use one of ${Object.keys(modes).join(", ")}.`)
  );
}

async function accessKey(profile: Profile): Promise<Credentials> {
  return keys(profile, undefined);
}

async function temporaryKey(profile: Profile): Promise<Credentials> {
  return keys(profile, profile.required("sts_token", "security_token").value);
}

async function keys(profile: Profile, token: string | undefined): Promise<Credentials> {
  const fields = {
    access_key_id: profile.required("access_key_id").value,
    access_key_secret: profile.required("access_key_secret").value,
    sts_token: token,
    sts_expiration: token && profile.text("sts_expiration"),
    expiration: token && profile.text("expiration"),
  };
  return credentialsIn(fields, profile.source, token === undefined ? "static_ak" : "static_sts");
}

/** Returns the mode in which the identity of another mode assumes the role. */
function roleOf(mode: Mode): Mode {
  return (profile, context) => assumeRole({ getCredentials: () => mode(profile, context) }, profile, context);
}

/** Returns the mode that uses the temporary key that the command-line client stored in the profile, while it is valid. */
function unlessStored(mode: Mode): Mode {
  return (profile, context) =>
    profile.text("sts_token") !== undefined && profile.number("sts_expiration") * 1000 > Date.now()
      ? temporaryKey(profile)
      : mode(profile, context);
}

/** Returns a mode that the vendor's tools can turn off, because the file names what it runs or asks. */
function unlessDisabled(mode: Mode): Mode {
  return async (profile, context) =>
    context.environment.on.includes("ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS")
      ? profile.fail("ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS is true.")
      : mode(profile, context);
}

/** Runs a program that prints a profile, with any mode but its own. */
async function external(profile: Profile, context: SignInContext): Promise<Credentials> {
  const printed = await printedProfile(profile);
  if (modeOf(printed) === modes.External) {
    return printed.fail("it printed a profile of the mode External.");
  }
  return { ...(await modeOf(printed)(printed, context)), providerName: "external" };
}
