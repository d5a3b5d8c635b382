import { SettingsError } from "../errors/errors.js";
import { type Endpoint, originOf, parseEndpoint, resolveNetwork } from "./endpoint.js";
import {
  argument,
  type Setting,
  type SettingScope,
  type SettingsReader,
  scopes,
  type WhereArgs,
} from "./reading.js";
import { assumedRole, type OidcRoleSettings, oidcRole, type RoleSettings } from "./role.js";
import { settingKeys } from "./settingKeys.js";

/** How to sign in. */
export type CredentialSettings =
  | {
      readonly kind: "static";
      readonly accessKeyId: Setting;
      readonly accessKeySecret: Setting;
      readonly securityToken: Setting | undefined;
    }
  /** Without a name, the file's current profile; without a file, the vendor's own files in the home directory. */
  | { readonly kind: "profile"; readonly name: Setting | undefined; readonly file: Setting | undefined }
  | OidcRoleSettings
  /** The role of the ECS instance that this runs on. */
  | { readonly kind: "instanceRole"; readonly name: Setting }
  | { readonly kind: "uri"; readonly uri: Setting }
  | { readonly kind: "assumedRole"; readonly base: CredentialSettings; readonly role: RoleSettings }
  /** What the vendor's tools fall back on. `notSet` says what was looked for before. */
  | { readonly kind: "default"; readonly notSet: readonly string[] };

/** What signing in needs to know of this machine, whatever the way. */
export interface SignInEnvironment {
  /** The home directory; absent when the environment does not name it. */
  readonly home: string | undefined;
  /** The address of STS; absent for the vendor's own. */
  readonly stsEndpoint: Endpoint | undefined;
  /** Which of the vendor's own addresses of STS; absent for the global one. */
  readonly stsRegion: string | undefined;
  /** Whether STS is reached from inside a VPC. */
  readonly vpc: boolean;
  /** The address of the metadata service of an ECS instance. */
  readonly metadataOrigin: string;
  /** Whether the metadata service must not be asked. */
  readonly metadataDisabled: boolean;
  /** Whether the metadata service must not be asked without a token. */
  readonly metadataV1Disabled: boolean;
  /** Whether the vendor's command-line client's file is left out of the default chain. */
  readonly cliProfileDisabled: boolean;
}

/** The metadata service of the vendor's instances: an address that exists on an instance's own link only. */
const metadataOrigin = "http://100.100.100.200";

/** What signing in needs to know of this machine and its network. */
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

/** What is looked for in each scope, in this order. */
const ways: readonly ((scope: SettingScope, reader: SettingsReader) => CredentialSettings | undefined)[] = [
  accessKey,
  profile,
  oidcRole,
  (scope, reader) => named(reader.at(scope, "ecsRoleName"), (name) => ({ kind: "instanceRole", name })),
  (scope, reader) => named(reader.at(scope, "credentialsUri"), (uri) => ({ kind: "uri", uri })),
];

/** How to sign in. What a scope names is used or fails; only the default chain goes on to the next. */
export function resolveCredentials(where: WhereArgs, reader: SettingsReader): CredentialSettings {
  if (where.profile !== undefined) {
    const name = argument("profile", where.profile);
    return { kind: "profile", name, file: reader.first("sharedCredentialsFile") };
  }
  for (const [index, scope] of scopes.entries()) {
    for (const way of ways) {
      const base = way(scope, reader);
      if (base !== undefined) {
        return withRole(base, scopes.slice(0, index + 1), reader);
      }
    }
  }
  return withRole({ kind: "default", notSet }, scopes, reader);
}

/**
 * A role is assumed with credentials of its own scope or of a later one. Those of an earlier scope were named in full
 * there: `outboundbot:accessKey` must not end up in the role that `alicloud:assumeRole` names for everything else.
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

/** A profile, a file of profiles, or both; what one scope leaves out a later one may say. */
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
  "an access key: neither outboundbot:accessKey nor alicloud:accessKey nor ALICLOUD_ACCESS_KEY nor ALIBABA_CLOUD_ACCESS_KEY_ID is set",
  "a named profile: neither outboundbot:profile nor alicloud:profile nor ALICLOUD_PROFILE nor ALIBABA_CLOUD_PROFILE is set",
  "an OIDC token: ALIBABA_CLOUD_OIDC_PROVIDER_ARN, ALIBABA_CLOUD_OIDC_TOKEN_FILE and ALIBABA_CLOUD_ROLE_ARN are not all set",
  "a credentials URI: neither outboundbot:credentialsUri nor alicloud:credentialsUri nor ALIBABA_CLOUD_CREDENTIALS_URI is set",
];

/** Reads one half of an access key, or its token, from one scope. */
type Read = (half: Half, scope: KeyScope) => ReturnType<SettingsReader["at"]>;
type Half = "accessKey" | "secretKey" | "securityToken";
/** A scope; in the environment, three families of names each hold a key. */
type KeyScope = "outboundbot" | "alicloud" | 0 | 1 | 2;

const keyScopes: readonly KeyScope[] = ["outboundbot", "alicloud", 0, 1, 2];

/** The access key of one scope. */
function accessKey(scope: SettingScope, reader: SettingsReader): CredentialSettings | undefined {
  const read: Read = (half, at) =>
    typeof at === "number" ? reader.variable(settingKeys[half].environment[at]) : reader.at(at, half);
  const within: readonly KeyScope[] = scope === "environment" ? [0, 1, 2] : [scope];
  return within.map((at) => keyAt(at, read)).find((key) => key !== undefined);
}

/**
 * The access key that a scope holds. A half that is missing there may stand in another scope, as the settings of
 * `@pulumi/alicloud` may be split; a security token belongs to its key and is only taken from where a half of the key is.
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
      `The ${half?.source} is set, but the other half of the access key is not: set ${missing} as well.`,
      { setting: missing },
    );
  }
  const securityToken = read("securityToken", idScope) ?? read("securityToken", secretScope);
  return { kind: "static", accessKeyId, accessKeySecret, securityToken };
}

/** The scope itself if it has the setting, else the first one that does. */
function firstWith(half: Half, scope: KeyScope, read: Read): KeyScope {
  return [scope, ...keyScopes].find((candidate) => read(half, candidate) !== undefined) ?? scope;
}

function nameOf(half: Half, scope: KeyScope): string {
  return typeof scope === "number" ? settingKeys[half].environment[scope] : `${scope}:${half}`;
}
