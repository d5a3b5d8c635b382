import type { Credentials, CredentialsSource } from "../api/credentials.js";
import type { Transport } from "../api/transport.js";
import type { CredentialSettings, SignInEnvironment } from "../settings/credentials.js";

import { assumeRole } from "./assumedRole.js";
import type { SignInContext } from "./context.js";
import { defaultChain } from "./defaultChain.js";
import { toCredentials } from "./keys.js";
import { instanceRole } from "./metadata.js";
import { assumeRoleWithOidc } from "./oidc.js";
import { profileCredentials } from "./profile.js";
import { shareCredentials } from "./sharedCredentials.js";
import { credentialsFromUri } from "./uri.js";

/** Where the credentials of a connection come from. Nothing is read or asked before the first call needs them. */
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
  return shareCredentials(resolver(settings, context));
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
      return defaultChain(settings.notSet, context);
  }
}

/** Where both halves of a key came from; "configuration" or "environment variable" is said once where it fits both. */
function bothSources(id: string, secret: string): string {
  const kind = ["configuration ", "environment variable "].find(
    (words) => id.startsWith(words) && secret.startsWith(words),
  );
  return `${id} and ${secret.slice(kind?.length ?? 0)}`;
}
