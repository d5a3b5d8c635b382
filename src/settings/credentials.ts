import { SettingsError } from "../errors/errors.js";
import { type Endpoint, originOf, parseEndpoint, resolveNetwork } from "./endpoint.js";
import {
  argument,
  type ConnectionArgs,
  type Setting,
  type SettingScope,
  type SettingsReader,
  scopes,
} from "./reading.js";
import { assumedRole, type OidcRoleSettings, oidcRole, type RoleSettings } from "./role.js";
import { settingKeys } from "./settingKeys.js";

/** The sign-in method. */
export type CredentialSettings =
  | {
      readonly kind: "static";
      readonly accessKeyId: Setting;
      readonly accessKeySecret: Setting;
      readonly securityToken: Setting | undefined;
    }
  /** Without a name, the current profile of the file. Without a file, the vendor's files in the home directory. */
  | { readonly kind: "profile"; readonly name: Setting | undefined; readonly file: Setting | undefined }
  | OidcRoleSettings
  /** The role of the ECS instance that runs the program. */
  | { readonly kind: "instanceRole"; readonly name: Setting }
  | { readonly kind: "uri"; readonly uri: Setting }
  | { readonly kind: "assumedRole"; readonly base: CredentialSettings; readonly role: RoleSettings }
  /** The default chain of the vendor's tools. `missingSettings` states for the error which settings are missing. */
  | { readonly kind: "default"; readonly missingSettings: readonly string[] };

/** The environment of the sign-in methods: home directory, STS endpoint and metadata service. */
export interface SignInEnvironment {
  /** The home directory; absent when the environment doesn't name it. */
  readonly home: string | undefined;
  /** The endpoint of STS; absent for the vendor's endpoint. */
  readonly stsEndpoint: Endpoint | undefined;
  /** The region of the STS endpoint; absent for the global endpoint. */
  readonly stsRegion: string | undefined;
  /** Whether STS is reached from inside a VPC. */
  readonly vpc: boolean;
  /** The origin of the metadata service of an ECS instance. */
  readonly metadataOrigin: string;
  /** Whether the metadata service is turned off. */
  readonly metadataDisabled: boolean;
  /** Whether requests to the metadata service without a token are turned off. */
  readonly metadataV1Disabled: boolean;
  /** Whether the default chain skips the file of the vendor's command-line client. */
  readonly cliProfileDisabled: boolean;
}

/** The vendor's metadata service, at an address that exists only on the instance's own link. */
const metadataOrigin = "http://100.100.100.200";

/** Resolves the environment of the sign-in methods. */
export function resolveSignInEnvironment(reader: SettingsReader): SignInEnvironment {
  const sts = reader.first("stsEndpoint");
  const metadata = reader.variable("OUTBOUNDBOT_METADATA_ENDPOINT");
  return {
    home: reader.variable("HOME", "USERPROFILE")?.value,
    stsEndpoint: sts === undefined ? undefined : parseEndpoint(sts),
    stsRegion: reader.variable("ALIBABA_CLOUD_STS_REGION")?.value,
    vpc: resolveNetwork(reader) === "vpc" || reader.isTrue("ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED"),
    metadataOrigin: metadata === undefined ? metadataOrigin : originOf(parseEndpoint(metadata)),
    metadataDisabled: reader.isTrue("ALIBABA_CLOUD_ECS_METADATA_DISABLED"),
    metadataV1Disabled: reader.isTrue("ALIBABA_CLOUD_IMDSV1_DISABLED"),
    cliProfileDisabled: reader.isTrue("ALIBABA_CLOUD_CLI_PROFILE_DISABLED"),
  };
}

/** The sign-in methods, in the order in which each scope is searched for them. */
const signInMethods: readonly ((
  scope: SettingScope,
  reader: SettingsReader,
) => CredentialSettings | undefined)[] = [
  accessKey,
  profile,
  oidcRole,
  (scope, reader) => named(reader.at(scope, "ecsRoleName"), (name) => ({ kind: "instanceRole", name })),
  (scope, reader) => named(reader.at(scope, "credentialsUri"), (uri) => ({ kind: "uri", uri })),
];

/** Resolves the sign-in method. A configured method never falls back to another method; only the default chain tries several. */
export function resolveCredentials(where: ConnectionArgs, reader: SettingsReader): CredentialSettings {
  if (where.profile !== undefined) {
    const name = argument("profile", where.profile);
    return { kind: "profile", name, file: reader.first("sharedCredentialsFile") };
  }
  for (const [index, scope] of scopes.entries()) {
    for (const signInMethod of signInMethods) {
      const base = signInMethod(scope, reader);
      if (base !== undefined) {
        return withRole(base, scopes.slice(0, index + 1), reader);
      }
    }
  }
  return withRole({ kind: "default", missingSettings: notSet }, scopes, reader);
}

/**
 * Adds the role to assume, with credentials of the same scope or a later one. Credentials of an earlier scope don't assume it:
 * `outboundbot:accessKey` must not assume the role of `alicloud:assumeRole`.
 */
function withRole(
  base: CredentialSettings,
  roleSettingScopes: readonly SettingScope[],
  reader: SettingsReader,
): CredentialSettings {
  const role = roleSettingScopes
    .map((scope) => assumedRole(scope, reader))
    .find((found) => found !== undefined);
  return role === undefined ? base : { kind: "assumedRole", base, role };
}

/** Returns a profile, a file of profiles, or both. A later scope can supply the missing setting. */
function profile(scope: SettingScope, reader: SettingsReader): CredentialSettings | undefined {
  if (reader.at(scope, "profile") === undefined && reader.at(scope, "sharedCredentialsFile") === undefined) {
    return undefined;
  }
  const file = reader.first("sharedCredentialsFile");
  return { kind: "profile", name: reader.from(scope, "profile"), file };
}

function named(
  setting: Setting | undefined,
  way: (setting: Setting) => CredentialSettings,
): CredentialSettings | undefined {
  return setting === undefined ? undefined : way(setting);
}

const notSet = [
  "access key: none of outboundbot:accessKey, alicloud:accessKey, ALICLOUD_ACCESS_KEY and ALIBABA_CLOUD_ACCESS_KEY_ID is set",
  "named profile: none of outboundbot:profile, alicloud:profile, ALICLOUD_PROFILE and ALIBABA_CLOUD_PROFILE is set",
  "OIDC token: ALIBABA_CLOUD_OIDC_PROVIDER_ARN, ALIBABA_CLOUD_OIDC_TOKEN_FILE and ALIBABA_CLOUD_ROLE_ARN are not all set",
  "credentials URI: none of outboundbot:credentialsUri, alicloud:credentialsUri and ALIBABA_CLOUD_CREDENTIALS_URI is set",
];

/** Reads one half of an access key, or its token, from one scope. */
type Read = (half: KeyPart, scope: KeyScope) => ReturnType<SettingsReader["at"]>;
type KeyPart = "accessKey" | "secretKey" | "securityToken";
/** A scope of access keys. In the environment, each of three groups of variables holds a key. */
type KeyScope = "outboundbot" | "alicloud" | 0 | 1 | 2;

const keyScopes: readonly KeyScope[] = ["outboundbot", "alicloud", 0, 1, 2];

/** Returns the access key of one scope. */
function accessKey(scope: SettingScope, reader: SettingsReader): CredentialSettings | undefined {
  const read: Read = (half, at) =>
    typeof at === "number" ? reader.variable(settingKeys[half].environment[at]) : reader.at(at, half);
  const within: readonly KeyScope[] = scope === "environment" ? [0, 1, 2] : [scope];
  return within.map((at) => keyAt(at, read)).find((key) => key !== undefined);
}

/**
 * Returns the access key that starts in this scope. A missing half may come from another scope, because the settings of
 * `@pulumi/alicloud` can be split. A security token belongs to its key, so it must be in the same scope as one half.
 */
function keyAt(scope: KeyScope, read: Read): CredentialSettings | undefined {
  if (read("accessKey", scope) === undefined && read("secretKey", scope) === undefined) {
    return undefined;
  }
  const idScope = firstWith("accessKey", scope, read);
  const secretScope = firstWith("secretKey", scope, read);
  const accessKeyId = read("accessKey", idScope);
  const accessKeySecret = read("secretKey", secretScope);
  if (accessKeyId === undefined || accessKeySecret === undefined) {
    const half = accessKeyId ?? accessKeySecret;
    const missing = nameOf(accessKeyId === undefined ? "accessKey" : "secretKey", scope);
    throw new SettingsError(
      "IncompleteCredentials",
      `Sign-in failed: ${half?.source} is set, but ${missing} isn't.`,
      { setting: missing, advice: `Set ${missing} as well.` },
    );
  }
  const securityToken = read("securityToken", idScope) ?? read("securityToken", secretScope);
  return { kind: "static", accessKeyId, accessKeySecret, securityToken };
}

/** Returns the scope itself if it has the setting, otherwise the first scope that has it. */
function firstWith(half: KeyPart, scope: KeyScope, read: Read): KeyScope {
  return [scope, ...keyScopes].find((candidate) => read(half, candidate) !== undefined) ?? scope;
}

function nameOf(half: KeyPart, scope: KeyScope): string {
  return typeof scope === "number" ? settingKeys[half].environment[scope] : `${scope}:${half}`;
}
