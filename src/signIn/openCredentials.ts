import type { Credentials, CredentialsSource } from "../api/credentials.js";
import type { Transport } from "../api/transport.js";
import { OutboundBotError } from "../errors/errors.js";
import type { CredentialSettings, SignInEnvironment } from "../settings/credentials.js";
import { Trace } from "../tracing/trace.js";
import { noCredentials, type SignInContext, toCredentials } from "./common.js";
import { credentialsFromUri } from "./external.js";
import { instanceRole } from "./metadata.js";
import { profileCredentials, signInWithProfile } from "./profileModes.js";
import { cliFile, expandHome, readProfileFile, sdkFile } from "./profiles.js";
import { shareCredentials } from "./sharedCredentials.js";
import { assumeRole, assumeRoleWithOidc } from "./sts.js";

/** Returns the source of a connection's credentials. Nothing is read or requested before the first call. */
export function openCredentials(
  settings: CredentialSettings,
  environment: SignInEnvironment,
  transport: Transport,
  userAgent: string,
): CredentialsSource {
  const context: SignInContext = { environment, transport, userAgent };
  return open(settings, context);
}

function open(settings: CredentialSettings, context: SignInContext): CredentialsSource {
  const resolve = resolver(settings, context);
  return shareCredentials(settings.kind === "static" ? resolve : () => signIn(settings.kind, resolve));
}

function signIn(kind: string, resolve: () => Promise<Credentials>): Promise<Credentials> {
  const trace = Trace.startBelow({
    name: "outboundbot.signIn",
    attributes: { "outboundbot.sign_in": kind },
  });
  return trace === undefined ? resolve() : trace.record(resolve);
}

function resolver(settings: CredentialSettings, context: SignInContext): () => Promise<Credentials> {
  switch (settings.kind) {
    case "static": {
      const { accessKeyId, accessKeySecret, securityToken } = settings;
      const keys = {
        accessKeyId: accessKeyId.value,
        accessKeySecret: accessKeySecret.value,
        securityToken: securityToken?.value,
      };
      const providerName = securityToken === undefined ? "static_ak" : "static_sts";
      const source = bothSources(accessKeyId.source, accessKeySecret.source);
      return async () => toCredentials(keys, source, providerName);
    }
    case "profile":
      return () => profileCredentials(settings.name, settings.file, context);
    case "oidc":
      return () => assumeRoleWithOidc(settings.providerArn, settings.token, settings.role, {}, context);
    case "instanceRole":
      return () => instanceRole(settings.name.value, settings.name.source, context);
    case "uri":
      return () => credentialsFromUri(settings.uri, context);
    case "assumedRole": {
      const base = open(settings.base, context);
      return () => assumeRole(base, settings.role, {}, context);
    }
    case "default":
      return defaultChain(settings.missingSettings, context);
  }
}

/** Describes the sources of both halves of a key, with "configuration" or "environment variable" once if it applies to both. */
function bothSources(id: string, secret: string): string {
  const kind = ["configuration ", "environment variable "].find(
    (words) => id.startsWith(words) && secret.startsWith(words),
  );
  return `${id} and ${secret.slice(kind?.length ?? 0)}`;
}

/**
 * Returns the default chain of the vendor's tools, for when no sign-in method is configured: the current profile of the
 * command-line client, the default profile of the SDKs' file, the role of the ECS instance. After a step has succeeded, only that
 * step is used, so that a later failure can't silently switch to another account.
 *
 * @param notSet states for the error which settings are missing.
 */
export function defaultChain(notSet: readonly string[], context: SignInContext): () => Promise<Credentials> {
  let served: (() => Promise<Credentials>) | undefined;
  return async () => {
    if (served !== undefined) {
      return served();
    }
    const problems = [...notSet];
    for (const step of steps(context)) {
      try {
        const credentials = await step();
        served = step;
        return credentials;
      } catch (error) {
        if (!OutboundBotError.isInstance(error)) {
          throw error;
        }
        problems.push(error.reason);
      }
    }
    throw noCredentials(
      `Sign-in failed: no credentials found\n${problems.map((problem) => `  - ${problem}`).join("\n")}`,
      "Set outboundbot:profile, or ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, or outboundbot:accessKey and outboundbot:secretKey (with pulumi config set --secret).",
    );
  };
}

function steps(context: SignInContext): (() => Promise<Credentials>)[] {
  const { home, cliProfileDisabled } = context.environment;
  return [
    () =>
      cliProfileDisabled
        ? Promise.reject(noCredentials("ALIBABA_CLOUD_CLI_PROFILE_DISABLED is true"))
        : currentProfile(expandHome(cliFile, home), context),
    () => currentProfile(expandHome(sdkFile, home), context),
    () => instanceRole(undefined, "the role of the ECS instance", context),
  ];
}

async function currentProfile(path: string, context: SignInContext): Promise<Credentials> {
  const file = await readProfileFile(path);
  if (!file.profiles.has(file.current)) {
    throw noCredentials(`${path} has no profile "${file.current}"`);
  }
  return signInWithProfile(file, file.current, context);
}
