/** One setting: its sources and accepted values. */
export interface SettingKey {
  readonly type: "text" | "JSON object" | "whole number" | "number" | "choice";
  /** The accepted values, as messages describe them. */
  readonly accepts: string;
  /** The default. */
  readonly default: string | number;
  /** Whether the setting needs `pulumi config set --secret`. */
  readonly secret: boolean;
  /** Whether `alicloud:` configuration has a setting of the same name. */
  readonly alicloud: boolean;
  /** The environment variables of the setting, in order of precedence. */
  readonly environment: readonly string[];
  /** What the setting does. */
  readonly description: string;
  /** The least and the greatest number. */
  readonly bounds?: readonly [least: number, most: number];
}

const text = {
  type: "text",
  accepts: "a string",
  default: "none",
  secret: false,
  alicloud: false,
} as const;
/** A setting that `alicloud:` configuration has too. */
const shared = { ...text, alicloud: true } as const;
const sharedSecret = { ...shared, secret: true } as const;

/** Every key of `outboundbot:` configuration, in the order of docs/settings.md. A test compares both. */
export const settingKeys = {
  accessKey: {
    ...sharedSecret,
    environment: [
      "ALICLOUD_ACCESS_KEY",
      "ALIBABA_CLOUD_ACCESS_KEY_ID",
      "ALIBABACLOUD_ACCESS_KEY_ID",
      "ALICLOUD_ACCESS_KEY_ID",
    ],
    description: "The access key ID.",
  },
  secretKey: {
    ...sharedSecret,
    environment: [
      "ALICLOUD_SECRET_KEY",
      "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
      "ALIBABACLOUD_ACCESS_KEY_SECRET",
      "ALICLOUD_ACCESS_KEY_SECRET",
    ],
    description: "The access key secret.",
  },
  securityToken: {
    ...sharedSecret,
    environment: ["ALICLOUD_SECURITY_TOKEN", "ALIBABA_CLOUD_SECURITY_TOKEN", "ALIBABACLOUD_SECURITY_TOKEN"],
    description: "The security token, for a temporary access key.",
  },
  profile: {
    ...shared,
    accepts: "the name of a profile",
    environment: ["ALICLOUD_PROFILE", "ALIBABA_CLOUD_PROFILE", "ALIBABACLOUD_PROFILE"],
    description:
      "The profile to sign in with, from the configuration file of the Alibaba Cloud CLI or the credentials file of its SDKs.",
  },
  sharedCredentialsFile: {
    ...shared,
    accepts: "the path of a file",
    default: "~/.aliyun/config.json, then ~/.alibabacloud/credentials",
    environment: [
      "ALICLOUD_SHARED_CREDENTIALS_FILE",
      "ALIBABA_CLOUD_CREDENTIALS_FILE",
      "ALIBABA_CLOUD_CONFIG_FILE",
    ],
    description:
      "The file that contains the profiles, as JSON or INI. If no profile is set, the current profile of the file is used.",
  },
  assumeRoleWithOidc: {
    ...sharedSecret,
    type: "JSON object",
    accepts:
      "a JSON object with oidcProviderArn, oidcTokenFile or oidcToken, roleArn, roleSessionName, policy and sessionExpiration",
    environment: [
      "ALIBABA_CLOUD_OIDC_PROVIDER_ARN",
      "ALIBABA_CLOUD_OIDC_TOKEN",
      "ALIBABA_CLOUD_OIDC_TOKEN_FILE",
      "ALIBABA_CLOUD_ROLE_ARN",
    ],
    description:
      "The RAM role to assume with an OIDC token (RRSA, CI). In the environment, set the provider, the role, and the token or its file.",
  },
  ecsRoleName: {
    ...shared,
    accepts: "the name of a role",
    environment: ["ALICLOUD_ECS_ROLE_NAME", "ALIBABA_CLOUD_ECS_METADATA"],
    description: "The RAM role attached to the ECS instance that the program runs on.",
  },
  credentialsUri: {
    ...sharedSecret,
    accepts: "an http or https URL",
    environment: ["ALICLOUD_CREDENTIALS_URI", "ALIBABA_CLOUD_CREDENTIALS_URI"],
    description: "A URL that returns temporary credentials.",
  },
  assumeRole: {
    ...shared,
    type: "JSON object",
    accepts: "a JSON object with roleArn, sessionName, policy, sessionExpiration and externalId",
    environment: ["ALICLOUD_ASSUME_ROLE_ARN", "ALIBABA_CLOUD_ROLE_ARN"],
    description:
      "The RAM role to assume. The package assumes it with credentials from the same source, or from a source with lower precedence.",
  },
  stsEndpoint: {
    ...text,
    accepts: "a host, host:port or URL",
    default: "sts.aliyuncs.com",
    environment: [
      "ALICLOUD_STS_ENDPOINT",
      "ALIBABA_CLOUD_STS_ENDPOINT",
      "ALIBABA_CLOUD_ENDPOINT_STS",
      "STS_ENDPOINT",
    ],
    description: "The STS endpoint, which issues credentials for roles.",
  },
  region: {
    ...text,
    accepts: "a region",
    default: "cn-shanghai",
    environment: ["OUTBOUNDBOT_REGION"],
    description:
      "The region of OutboundBot, which is available in cn-shanghai only. alicloud:region is ignored.",
  },
  endpoint: {
    ...text,
    accepts: "a host, host:port or URL",
    default: "the endpoint of the region",
    environment: ["ALIBABA_CLOUD_ENDPOINT_OUTBOUNDBOT", "OUTBOUNDBOT_ENDPOINT"],
    description: "The endpoint of OutboundBot. Plain HTTP is allowed for loopback addresses only.",
  },
  network: {
    ...text,
    type: "choice",
    accepts: "public or vpc",
    default: "public",
    environment: ["OUTBOUNDBOT_NETWORK"],
    description:
      "Whether the default endpoints of OutboundBot and STS are the public endpoints or the VPC endpoints of the region.",
  },
  caFile: {
    ...text,
    accepts: "the path of a PEM file",
    environment: ["OUTBOUNDBOT_CA_FILE"],
    description:
      "CA certificates to trust, in addition to those built into Node.js and those in NODE_EXTRA_CA_CERTS.",
  },
  maxConcurrency: {
    ...wholeNumber(1, 256),
    default: 64,
    environment: ["OUTBOUNDBOT_MAX_CONCURRENCY"],
    description: "The maximum number of concurrent calls to one endpoint with one account.",
  },
  maxRate: {
    ...text,
    type: "number",
    accepts: "a number from 0.01 to 1000",
    bounds: [0.01, 1000],
    environment: ["OUTBOUNDBOT_MAX_RATE"],
    description:
      "The maximum number of calls per second to one endpoint with one account, retries included. For example, 0.5 is one call every 2 s. Set it if you know your quota.",
  },
  maxAttempts: {
    ...wholeNumber(1, 100),
    default: 10,
    environment: ["OUTBOUNDBOT_MAX_ATTEMPTS"],
    description:
      "The maximum number of attempts of a call. A throttled attempt doesn't count if other calls of the lookup succeed in the meantime.",
  },
  callTimeout: {
    ...wholeNumber(100, 600_000),
    default: 10_000,
    environment: ["OUTBOUNDBOT_CALL_TIMEOUT"],
    description: "The timeout of one attempt of a call, in milliseconds.",
  },
  lookupTimeout: {
    ...wholeNumber(1000, 3_600_000),
    default: 300_000,
    environment: ["OUTBOUNDBOT_LOOKUP_TIMEOUT"],
    description: "The timeout of a whole lookup, in milliseconds.",
  },
  maxItems: {
    ...wholeNumber(1, 10_000_000),
    default: 150_000,
    environment: ["OUTBOUNDBOT_MAX_ITEMS"],
    description:
      "The maximum number of items in one lookup. A longer list fails with `ListTooLarge`. So that memory stays bounded, so does a list whose responses exceed 16 MB or 640 bytes × maxItems, whichever is larger. Streams have no such limit.",
  },
} as const satisfies Record<string, SettingKey>;

/** The name of a setting, without the prefix `outboundbot:`. */
export type SettingName = keyof typeof settingKeys;

function wholeNumber<Least extends number, Most extends number>(least: Least, most: Most) {
  const accepts = `a whole number from ${least} to ${most}` as const;
  return { ...text, type: "whole number", accepts, bounds: [least, most] } as const;
}
