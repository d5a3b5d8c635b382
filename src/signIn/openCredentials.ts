import type { Credentials, CredentialsSource } from "../api/credentials.js";
import { OutboundBotError } from "../errors/errors.js";
import { sourcesOf } from "../settings/reading.js";
import type { SignInSettings } from "../settings/signInSettings.js";
import { noCredentials, quoted, type SignInContext } from "./common.js";
import { instanceRole } from "./metadata.js";
import { modeOf } from "./modes.js";
import { Profile } from "./profile.js";
import { cliFile, type ProfileFile, readProfileFile, type StoredProfile, sdkFile } from "./profileFile.js";
import { shareCredentials } from "./sharedCredentials.js";

/** Returns the source of a connection's credentials. Nothing is read or requested before the first call. */
export function openCredentials(
  { mode, source, fields, base }: SignInSettings,
  context: SignInContext,
): CredentialsSource {
  const profile = new Profile(source, { ...fields, mode: { value: mode, key: "mode", source } });
  if (mode === "default") {
    return shareCredentials(defaultChain(context));
  }
  if (mode === "profile") {
    return shareCredentials(() => namedProfile(profile, context));
  }
  const baseSource = base && openCredentials(base, context);
  return shareCredentials(async () => modeOf(profile)(profile, context, baseSource));
}

/**
 * Returns the credentials of a named profile. Without a file, searches the command-line client's file first, then the file of the
 * vendor's SDKs.
 *
 * @throws SettingsError `NoCredentials` that names the files searched.
 */
async function namedProfile(asked: Profile, context: SignInContext): Promise<Credentials> {
  const name = asked.setting("name");
  const path = asked.setting("file");
  const steps = (path === undefined ? [cliFile, sdkFile] : [path.value]).map(
    (candidate) => async () => findProfile(candidate, name?.value, context),
  );
  const { result, problems } = await firstToSucceed(steps);
  if (result !== undefined) {
    return signInWithProfile(result, context);
  }
  const settings = [name, path].filter((setting) => setting !== undefined);
  return asked.fail(
    `${problems.join("; ")}.`,
    `Check the value of ${settings.map(({ source }) => source).join(" and ")}.`,
  );
}

/** Returns a profile of a file; without a name, the current one. */
function findProfile(path: string, name: string | undefined, { environment }: SignInContext): StoredProfile {
  const file = readProfileFile(path, environment.home);
  const profile = file.profiles.get(name ?? file.current);
  if (profile === undefined) {
    throw noCredentials(`${file.path} has no profile ${quoted(name ?? file.current)}${others(file)}`);
  }
  return profile;
}

function others({ profiles }: ProfileFile): string {
  const names = [...profiles.keys()];
  const shown = names.slice(0, 10).map(quoted);
  const more = names.length > shown.length ? ` and ${names.length - shown.length} more` : "";
  return shown.length === 0 ? " (it has none)" : ` (it has ${shown.join(", ")}${more})`;
}

/** Signs in with a profile of a file. `seen` are the profiles that lead to it by their `source_profile`. */
async function signInWithProfile(
  profile: StoredProfile,
  context: SignInContext,
  seen: readonly string[] = [],
): Promise<Credentials> {
  const { siblings, name } = profile;
  const path = [...seen, name];
  if (seen.includes(name)) {
    profile.fail(`its source_profile chain is circular (${path.map(quoted).join(" → ")}).`);
  }
  const next = profile.text("source_profile");
  const source = siblings.get(next ?? "");
  if (next !== undefined && source === undefined) {
    profile.fail(`its source_profile ${quoted(next)} doesn't exist.`);
  }
  const base = source && { getCredentials: () => signInWithProfile(source, context, path) };
  const credentials = await modeOf(profile)(profile, context, base);
  // Other methods name themselves as the source, but the user configured the profile.
  const providerName = `cli_profile/${credentials.providerName}`;
  return seen.length > 0 ? credentials : { ...credentials, providerName };
}

/**
 * Returns the default chain of the vendor's tools, for when no sign-in method is configured: the current profile of the
 * command-line client, the default profile of the SDKs' file, the role of the ECS instance. After a step has succeeded, only that
 * step is used, so that a later failure can't silently switch to another account.
 */
export function defaultChain(context: SignInContext): () => Promise<Credentials> {
  const { on } = context.environment;
  const currentProfile = async (path: string, ...off: (typeof on)[number][]) => {
    const found = off.find((name) => on.includes(name));
    if (found !== undefined) {
      throw noCredentials(`${found} is true`);
    }
    return signInWithProfile(findProfile(path, undefined, context), context);
  };
  const steps = [
    () => currentProfile(cliFile, "ALIBABA_CLOUD_CLI_PROFILE_DISABLED", "ALIBABA_CLOUD_IGNORE_PROFILE"),
    () => currentProfile(sdkFile, "ALIBABA_CLOUD_IGNORE_PROFILE"),
    () => instanceRole(new Profile("the role of the ECS instance", {}), context),
  ];
  let served: (() => Promise<Credentials>) | undefined;
  return async () => {
    if (served !== undefined) {
      return served();
    }
    const attempts = steps.map((step) => async () => ({ credentials: await step(), step }));
    const { result, problems } = await firstToSucceed(attempts);
    if (result === undefined) {
      throw noChainCredentials(problems);
    }
    served = result.step;
    return result.credentials;
  };
}

function noChainCredentials(problems: readonly string[]): Error {
  const all = [
    `access key: none of ${sourcesOf("accessKey")} is set`,
    `named profile: none of ${sourcesOf("profile")} is set`,
    "OIDC token: ALIBABA_CLOUD_OIDC_PROVIDER_ARN, ALIBABA_CLOUD_OIDC_TOKEN_FILE and ALIBABA_CLOUD_ROLE_ARN are not all set",
    `credentials URI: none of ${sourcesOf("credentialsUri")} is set`,
    ...problems,
  ];
  return noCredentials(
    `Sign-in failed: no credentials found\n${all.map((problem) => `  - ${problem}`).join("\n")}`,
    "Set outboundbot:profile, or ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, or outboundbot:accessKey and outboundbot:secretKey (with pulumi config set --secret).",
  );
}

/** Returns the result of the first step that succeeds, or the problems of all steps. */
async function firstToSucceed<Result>(
  steps: readonly (() => Promise<Result>)[],
): Promise<{ result?: Result; problems: string[] }> {
  const problems: string[] = [];
  for (const step of steps) {
    try {
      return { result: await step(), problems };
    } catch (error) {
      if (!OutboundBotError.isInstance(error)) {
        throw error;
      }
      problems.push([error.reason, error.advice].filter((part) => part !== undefined).join(" "));
    }
  }
  return { problems };
}
