interface KeyOf<Type extends string, Default> {
  readonly type: Type;
  /** What it takes, in an error's words. */
  readonly takes: string;
  /** What holds when it is set nowhere. */
  readonly default: Default;
  /** Whether it belongs into `pulumi config set --secret`. */
  readonly secret: boolean;
  /** Whether `alicloud:` configuration has it under the same name. */
  readonly alicloud: boolean;
  /** The environment variables that hold it, the first one first. */
  readonly environment: readonly string[];
  /** What it does. */
  readonly meaning: string;
}

interface WholeNumberKey extends KeyOf<"whole number", number> {
  readonly bounds: readonly [least: number, most: number];
}

interface NumberKey extends KeyOf<"number", string> {
  readonly bounds: readonly [least: number, most: number];
}

interface ChoiceKey extends KeyOf<"choice", string> {
  readonly choices: readonly string[];
}

/** One setting: where it may stand, and what it takes. */
export type SettingKey = KeyOf<"text" | "JSON object", string> | WholeNumberKey | NumberKey | ChoiceKey;

const text = { type: "text", takes: "a text", secret: false } as const;

/** Every key of `outboundbot:` configuration, in the order of docs/settings.md, which a test holds to this table. */
export const settingKeys = {
  accessKey: {
    ...text,
    default: "none",
    alicloud: true,
    environment: ["ALICLOUD_ACCESS_KEY", "ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABACLOUD_ACCESS_KEY_ID"],
    meaning: "The access key id to sign in with.",
    secret: true,
  },
  secretKey: {
    ...text,
    default: "none",
    alicloud: true,
    environment: ["ALICLOUD_SECRET_KEY", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALIBABACLOUD_ACCESS_KEY_SECRET"],
    meaning: "The access key secret that belongs to it.",
    secret: true,
  },
  securityToken: {
    ...text,
    default: "none",
    alicloud: true,
    environment: ["ALICLOUD_SECURITY_TOKEN", "ALIBABA_CLOUD_SECURITY_TOKEN", "ALIBABACLOUD_SECURITY_TOKEN"],
    meaning: "The security token of a temporary access key.",
    secret: true,
  },
  profile: {
    ...text,
    takes: "the name of a profile",
    default: "none",
    alicloud: true,
    environment: ["ALICLOUD_PROFILE", "ALIBABA_CLOUD_PROFILE"],
    meaning: "A profile of the vendor's command-line client, or of its SDKs' file, to sign in with.",
  },
  sharedCredentialsFile: {
    ...text,
    takes: "the path of a file",
    default: "~/.aliyun/config.json, then ~/.alibabacloud/credentials",
    alicloud: true,
    environment: ["ALICLOUD_SHARED_CREDENTIALS_FILE", "ALIBABA_CLOUD_CREDENTIALS_FILE"],
    meaning: "The file of profiles, JSON or INI. Without a profile its current one is used.",
  },
  assumeRoleWithOidc: {
    type: "JSON object",
    takes:
      "a JSON object of oidcProviderArn, oidcTokenFile or oidcToken, roleArn, roleSessionName, policy and sessionExpiration",
    default: "none",
    alicloud: true,
    environment: [
      "ALIBABA_CLOUD_OIDC_PROVIDER_ARN",
      "ALIBABA_CLOUD_OIDC_TOKEN_FILE",
      "ALIBABA_CLOUD_ROLE_ARN",
    ],
    meaning: "A role to assume with an OIDC token (RRSA, CI). The three environment variables go together.",
    secret: true,
  },
  ecsRoleName: {
    ...text,
    takes: "the name of a role",
    default: "none",
    alicloud: true,
    environment: ["ALICLOUD_ECS_ROLE_NAME", "ALIBABA_CLOUD_ECS_METADATA"],
    meaning: "The RAM role of the ECS instance that this runs on, to sign in with.",
  },
  credentialsUri: {
    ...text,
    takes: "an http or https URL",
    default: "none",
    alicloud: true,
    environment: ["ALICLOUD_CREDENTIALS_URI", "ALIBABA_CLOUD_CREDENTIALS_URI"],
    meaning: "An address that hands out temporary credentials.",
    secret: true,
  },
  assumeRole: {
    type: "JSON object",
    takes: "a JSON object of roleArn, sessionName, policy, sessionExpiration and externalId",
    default: "none",
    alicloud: true,
    environment: ["ALICLOUD_ASSUME_ROLE_ARN", "ALIBABA_CLOUD_ROLE_ARN"],
    meaning: "A role to assume with the credentials found at the same place or a later one.",
    secret: false,
  },
  stsEndpoint: {
    ...text,
    takes: "a host, host:port or URL",
    default: "sts.aliyuncs.com",
    alicloud: false,
    environment: [
      "ALICLOUD_STS_ENDPOINT",
      "ALIBABA_CLOUD_STS_ENDPOINT",
      "ALIBABA_CLOUD_ENDPOINT_STS",
      "STS_ENDPOINT",
    ],
    meaning: "The address of STS, which roles are assumed at.",
  },
  region: {
    ...text,
    takes: "a region",
    default: "cn-shanghai",
    alicloud: false,
    environment: ["OUTBOUNDBOT_REGION"],
    meaning: "The service's region. OutboundBot serves cn-shanghai only, so alicloud:region is not heeded.",
  },
  endpoint: {
    ...text,
    takes: "a host, host:port or URL",
    default: "that of the region",
    alicloud: false,
    environment: ["ALIBABA_CLOUD_ENDPOINT_OUTBOUNDBOT", "OUTBOUNDBOT_ENDPOINT"],
    meaning: "The service's address. Plain HTTP is accepted for loopback addresses only.",
  },
  network: {
    type: "choice",
    takes: "public or vpc",
    default: "public",
    alicloud: false,
    environment: ["OUTBOUNDBOT_NETWORK"],
    meaning: "From where the service and STS are reached: from anywhere, or from inside a VPC in the region.",
    secret: false,
    choices: ["public", "vpc"],
  },
  caFile: {
    ...text,
    takes: "the path of a PEM file",
    default: "none",
    alicloud: false,
    environment: ["OUTBOUNDBOT_CA_FILE"],
    meaning: "Certificates that are trusted besides the well-known ones and those of NODE_EXTRA_CA_CERTS.",
  },
  maxConcurrency: {
    ...wholeNumber(1, 256),
    default: 64,
    environment: ["OUTBOUNDBOT_MAX_CONCURRENCY"],
    meaning: "The most calls under way at once to one endpoint as one account.",
  },
  maxRate: {
    type: "number",
    takes: "a number from 0.01 to 1000",
    default: "none",
    secret: false,
    alicloud: false,
    bounds: [0.01, 1000],
    environment: ["OUTBOUNDBOT_MAX_RATE"],
    meaning:
      "The most calls a second to one endpoint as one account, retries included; 0.5 is a call every 2 s. For those who know their quota.",
  },
  maxAttempts: {
    ...wholeNumber(1, 100),
    default: 10,
    environment: ["OUTBOUNDBOT_MAX_ATTEMPTS"],
    meaning:
      "How often one call is tried before its failure is final. A throttled try does not count when other calls of the lookup succeed meanwhile.",
  },
  callTimeout: {
    ...wholeNumber(100, 600_000),
    default: 10_000,
    environment: ["OUTBOUNDBOT_CALL_TIMEOUT"],
    meaning: "How long one try of a call may take, in milliseconds.",
  },
  lookupTimeout: {
    ...wholeNumber(1000, 3_600_000),
    default: 300_000,
    environment: ["OUTBOUNDBOT_LOOKUP_TIMEOUT"],
    meaning: "How long a whole lookup may take, in milliseconds.",
  },
  maxItems: {
    ...wholeNumber(1, 10_000_000),
    default: 150_000,
    environment: ["OUTBOUNDBOT_MAX_ITEMS"],
    meaning:
      "The most items that one lookup gathers. A longer list is an error (`ListTooLarge`), and so are responses of more than 640 bytes for each of these items, or 16 million where that is more. A stream is not bounded.",
  },
} as const satisfies Record<string, SettingKey>;

/** The name of a setting, as it follows `outboundbot:`. */
export type SettingName = keyof typeof settingKeys;

/** The settings that are whole numbers. */
export type WholeNumberName = {
  [Name in SettingName]: (typeof settingKeys)[Name] extends WholeNumberKey ? Name : never;
}[SettingName];

/** The settings that are numbers of any kind and have no default. */
export type NumberName = {
  [Name in SettingName]: (typeof settingKeys)[Name] extends NumberKey ? Name : never;
}[SettingName];

/** Whether a name is that of a setting. */
export function isSettingName(name: string): name is SettingName {
  return Object.hasOwn(settingKeys, name);
}

function wholeNumber<Least extends number, Most extends number>(least: Least, most: Most) {
  return {
    type: "whole number",
    takes: `a whole number from ${least} to ${most}`,
    secret: false,
    alicloud: false,
    bounds: [least, most],
  } as const;
}
