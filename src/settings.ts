import type { ConnectionSettings } from "./api/connection.js";
import type { CredentialSettings, Setting } from "./api/credentials.js";
import { defaultRegion, type Endpoint, parseEndpoint, regionEndpoint } from "./api/endpoint.js";
import { SettingsError } from "./api/errors.js";
import type { WhereArgs } from "./listing/arguments.js";

/** Where settings are read from. */
export interface SettingsSources {
  /** The value of a configuration key such as `outboundbot:region`; a secret in plain text. */
  readonly config: (key: string) => string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * Resolves the settings of one lookup. For each of them the first match wins: the argument, `outboundbot:` configuration,
 * `alicloud:` configuration, the environment.
 *
 * @throws SettingsError when a setting cannot be used or an access key is set by half.
 */
export function resolveSettings(where: WhereArgs, sources: SettingsSources): ConnectionSettings {
  const read = (name: string): Setting | undefined => readSetting(name, sources);
  return {
    endpoint: resolveEndpoint(where, read),
    credentials: resolveCredentials(where, read),
    limits: { maxConcurrency: 64, maxAttempts: 10, callTimeout: 10_000, lookupTimeout: 300_000 },
  };
}

type Read = (name: string) => Setting | undefined;

/** A configuration key is told from an environment variable by its colon. Blank means not set. */
function readSetting(name: string, { config, environment }: SettingsSources): Setting | undefined {
  const isConfig = name.includes(":");
  const value = (isConfig ? config(name) : environment[name])?.trim();
  if (value === undefined || value === "") {
    return undefined;
  }
  return { value, source: isConfig ? `configuration ${name}` : `environment variable ${name}` };
}

function resolveEndpoint(where: WhereArgs, read: Read): Endpoint {
  const endpoint =
    argument("endpoint", where.endpoint) ??
    read("outboundbot:endpoint") ??
    read("ALIBABA_CLOUD_ENDPOINT_OUTBOUNDBOT") ??
    read("OUTBOUNDBOT_ENDPOINT");
  if (endpoint !== undefined) {
    return parseEndpoint(endpoint.value, endpoint.source);
  }
  const region = argument("region", where.region) ?? read("outboundbot:region") ?? read("OUTBOUNDBOT_REGION");
  return regionEndpoint(region?.value ?? defaultRegion, region?.source ?? "the default");
}

/** The names under which one place holds an access key. */
interface KeyNames {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly securityToken: string;
}

const keyNames = {
  outboundbot: configKeyNames("outboundbot"),
  alicloud: configKeyNames("alicloud"),
  environment: [
    {
      accessKeyId: "ALICLOUD_ACCESS_KEY",
      accessKeySecret: "ALICLOUD_SECRET_KEY",
      securityToken: "ALICLOUD_SECURITY_TOKEN",
    },
    {
      accessKeyId: "ALIBABA_CLOUD_ACCESS_KEY_ID",
      accessKeySecret: "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
      securityToken: "ALIBABA_CLOUD_SECURITY_TOKEN",
    },
    {
      accessKeyId: "ALIBABACLOUD_ACCESS_KEY_ID",
      accessKeySecret: "ALIBABACLOUD_ACCESS_KEY_SECRET",
      securityToken: "ALIBABACLOUD_SECURITY_TOKEN",
    },
  ],
} as const;

/** Every place that may hold an access key, in the order in which they are looked at. */
const keyPlaces: readonly KeyNames[] = [keyNames.outboundbot, keyNames.alicloud, ...keyNames.environment];

function configKeyNames(namespace: string): KeyNames {
  return {
    accessKeyId: `${namespace}:accessKey`,
    accessKeySecret: `${namespace}:secretKey`,
    securityToken: `${namespace}:securityToken`,
  };
}

function resolveCredentials(where: WhereArgs, read: Read): CredentialSettings {
  return (
    profile(argument("profile", where.profile)) ??
    accessKey(keyNames.outboundbot, read) ??
    profile(read("outboundbot:profile")) ??
    accessKey(keyNames.alicloud, read) ??
    profile(read("alicloud:profile")) ??
    keyNames.environment.map((names) => accessKey(names, read)).find((key) => key !== undefined) ??
    profile(read("ALICLOUD_PROFILE") ?? read("ALIBABA_CLOUD_PROFILE")) ?? {
      kind: "none",
      problem:
        "No credentials were found. Set outboundbot:accessKey and outboundbot:secretKey (pulumi config set --secret), or alicloud:accessKey and alicloud:secretKey, or the environment variables ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, or name a profile of the vendor's command-line client.",
    }
  );
}

function profile(name: Setting | undefined): CredentialSettings | undefined {
  return name === undefined ? undefined : { kind: "profile", name };
}

/**
 * The access key that a place holds. A half that is missing there may stand in another place, as the settings of
 * `@pulumi/alicloud` may be split; a security token belongs to its key and is only taken from where a half of the key is.
 */
function accessKey(place: KeyNames, read: Read): CredentialSettings | undefined {
  if (read(place.accessKeyId) === undefined && read(place.accessKeySecret) === undefined) {
    return undefined;
  }
  const idPlace = firstWith("accessKeyId", place, read);
  const secretPlace = firstWith("accessKeySecret", place, read);
  const accessKeyId = read(idPlace.accessKeyId);
  const accessKeySecret = read(secretPlace.accessKeySecret);
  if (accessKeyId === undefined || accessKeySecret === undefined) {
    const half = accessKeyId ?? accessKeySecret;
    const missing = accessKeyId === undefined ? place.accessKeyId : place.accessKeySecret;
    throw new SettingsError(
      "IncompleteCredentials",
      `The ${half?.source} is set, but the other half of the access key is not: set ${missing} as well.`,
    );
  }
  const securityToken = read(idPlace.securityToken) ?? read(secretPlace.securityToken);
  return { kind: "static", accessKeyId, accessKeySecret, securityToken };
}

/** The place itself if it has the setting, else the first one that does. */
function firstWith(half: "accessKeyId" | "accessKeySecret", place: KeyNames, read: Read): KeyNames {
  return [place, ...keyPlaces].find((names) => read(names[half]) !== undefined) ?? place;
}

function argument(name: string, value: string | undefined): Setting | undefined {
  return value === undefined ? undefined : { value, source: `argument ${name}` };
}
