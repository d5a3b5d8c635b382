import { nameAdvice } from "../common/nearestName.js";
import { isRecord } from "../common/values.js";
import { SettingsError } from "../errors/errors.js";
import { invalid, type Setting, type SettingScope, type SettingsReader } from "./reading.js";
import { settingKeys } from "./settingKeys.js";

/** A role to assume. */
export interface RoleSettings {
  readonly roleArn: Setting;
  readonly sessionName: string;
  /** A RAM policy that further restricts the session, as JSON. */
  readonly policy: string | undefined;
  /** The duration of the session, in seconds. */
  readonly sessionExpiration: number;
  readonly externalId: string | undefined;
}

/** A role whose credentials are obtained with an OIDC token. */
export interface OidcRoleSettings {
  readonly kind: "oidc";
  readonly providerArn: string;
  readonly token: OidcToken;
  readonly role: RoleSettings;
}

export type OidcToken =
  | { readonly file: Setting; readonly text?: undefined }
  | { readonly text: Setting; readonly file?: undefined };

const defaultSessionName = "pulumi-outboundbot";
const defaultExpiration = 3600;
/** The bounds of STS, in seconds. */
const expirationBounds = [900, 43_200] as const;

const assumeRoleFields = ["roleArn", "sessionName", "policy", "sessionExpiration", "externalId"];
const oidcFields = [
  "oidcProviderArn",
  "oidcTokenFile",
  "oidcToken",
  "roleArn",
  "roleSessionName",
  "policy",
  "sessionExpiration",
];

/** Returns the role to assume that a scope names. */
export function assumedRole(scope: SettingScope, reader: SettingsReader): RoleSettings | undefined {
  if (scope !== "environment") {
    const block = reader.at(scope, "assumeRole");
    return block === undefined
      ? undefined
      : roleOfBlock(new Block(block, settingKeys.assumeRole.accepts, assumeRoleFields), reader);
  }
  // In a pod with RRSA, this variable names the role of the OIDC token, which must not be assumed twice.
  const own = reader.variable("ALICLOUD_ASSUME_ROLE_ARN");
  const roleArn =
    own ?? (oidcOfEnvironment(reader) === undefined ? reader.variable("ALIBABA_CLOUD_ROLE_ARN") : undefined);
  return roleArn === undefined ? undefined : roleOfEnvironment(roleArn, reader);
}

function roleOfBlock(block: Block, reader: SettingsReader): RoleSettings {
  const roleArn =
    block.text("roleArn") ?? reader.variable("ALIBABA_CLOUD_ROLE_ARN", "ALICLOUD_ASSUME_ROLE_ARN");
  return {
    roleArn: roleArn ?? block.missing("roleArn"),
    sessionName: (block.text("sessionName") ?? sessionName(reader))?.value ?? defaultSessionName,
    policy: block.text("policy")?.value,
    sessionExpiration: expiration(block.text("sessionExpiration") ?? sessionExpiration(reader)),
    externalId: block.text("externalId")?.value,
  };
}

function roleOfEnvironment(roleArn: Setting, reader: SettingsReader): RoleSettings {
  return {
    roleArn,
    sessionName: sessionName(reader)?.value ?? defaultSessionName,
    policy: undefined,
    sessionExpiration: expiration(sessionExpiration(reader)),
    externalId: reader.variable("ALIBABA_CLOUD_ROLE_EXTERNAL_ID")?.value,
  };
}

/** Returns the role of the OIDC token in a scope. */
export function oidcRole(scope: SettingScope, reader: SettingsReader): OidcRoleSettings | undefined {
  if (scope === "environment") {
    return oidcOfEnvironment(reader);
  }
  const setting = reader.at(scope, "assumeRoleWithOidc");
  if (setting === undefined) {
    return undefined;
  }
  const block = new Block(setting, settingKeys.assumeRoleWithOidc.accepts, oidcFields);
  const name = (block.text("roleSessionName") ?? sessionName(reader))?.value ?? defaultSessionName;
  return {
    kind: "oidc",
    providerArn: (
      block.text("oidcProviderArn") ??
      reader.variable("ALIBABA_CLOUD_OIDC_PROVIDER_ARN") ??
      block.missing("oidcProviderArn")
    ).value,
    token: tokenOf(block, reader),
    role: {
      roleArn: block.text("roleArn") ?? reader.variable("ALIBABA_CLOUD_ROLE_ARN") ?? block.missing("roleArn"),
      sessionName: name,
      policy: block.text("policy")?.value,
      sessionExpiration: expiration(block.text("sessionExpiration")),
      externalId: undefined,
    },
  };
}

function tokenOf(block: Block, reader: SettingsReader): OidcToken {
  const text = block.text("oidcToken");
  if (text !== undefined) {
    return { text };
  }
  const file = block.text("oidcTokenFile") ?? reader.variable("ALIBABA_CLOUD_OIDC_TOKEN_FILE");
  return { file: file ?? block.missing("oidcTokenFile") };
}

function oidcOfEnvironment(reader: SettingsReader): OidcRoleSettings | undefined {
  const providerArn = reader.variable("ALIBABA_CLOUD_OIDC_PROVIDER_ARN");
  const file = reader.variable("ALIBABA_CLOUD_OIDC_TOKEN_FILE");
  const roleArn = reader.variable("ALIBABA_CLOUD_ROLE_ARN");
  return providerArn === undefined || file === undefined || roleArn === undefined
    ? undefined
    : {
        kind: "oidc",
        providerArn: providerArn.value,
        token: { file },
        role: roleOfEnvironment(roleArn, reader),
      };
}

function sessionName(reader: SettingsReader): Setting | undefined {
  return reader.variable("ALIBABA_CLOUD_ROLE_SESSION_NAME", "ALICLOUD_ASSUME_ROLE_SESSION_NAME");
}

function sessionExpiration(reader: SettingsReader): Setting | undefined {
  return reader.variable("ALICLOUD_ASSUME_ROLE_SESSION_EXPIRATION");
}

function expiration(setting: Setting | undefined): number {
  const seconds = setting === undefined ? defaultExpiration : Number(setting.value);
  // @pulumi/alicloud treats 0 as not set.
  if (seconds === 0) {
    return defaultExpiration;
  }
  const [least, most] = expirationBounds;
  if (setting !== undefined && !(Number.isInteger(seconds) && seconds >= least && seconds <= most)) {
    throw invalid(setting, `a whole number of seconds from ${least} to ${most}`);
  }
  return seconds;
}

/** The fields of a JSON object in configuration. Some tools write it as a list with one element. */
class Block {
  readonly #setting: Setting;
  readonly #fields: Record<string, unknown>;

  constructor(setting: Setting, accepts: string, names: readonly string[]) {
    this.#setting = setting;
    const value = parsed(setting.value);
    const fields: unknown = Array.isArray(value) && value.length === 1 ? value[0] : value;
    if (!isRecord(fields)) {
      throw invalid(setting, accepts);
    }
    this.#fields = fields;
    const unknown = Object.keys(fields).find((name) => !names.includes(name));
    if (unknown !== undefined) {
      // A misspelled policy would give the session more rights than intended.
      this.#refuse(`unknown field ${unknown}; ${nameAdvice(unknown, names)}`);
    }
  }

  text(name: string): Setting | undefined {
    const value = this.#fields[name];
    if (value === undefined || value === null || value === "") {
      return undefined;
    }
    if (typeof value !== "string" && typeof value !== "number") {
      return this.#refuse(`${name} must be a string or a number`);
    }
    const { key, source } = this.#setting;
    return { value: String(value).trim(), key: `${key}.${name}`, source: `${source}, ${name}` };
  }

  missing(name: string): never {
    return this.#refuse(`${name} is missing`);
  }

  #refuse(problem: string): never {
    const { key, source } = this.#setting;
    throw new SettingsError("InvalidSetting", `Invalid ${source}: ${problem}`, { setting: key });
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
