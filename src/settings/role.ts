import { nameAdvice } from "../common/nearestName.js";
import { isRecord, parsedJson, withoutUndefined } from "../common/values.js";
import { SettingsError } from "../errors/errors.js";
import { invalid, type Setting, type SettingScope, type SettingsReader } from "./reading.js";
import { settingKeys } from "./settingKeys.js";
import type { SignInSettings } from "./signInSettings.js";

/** The fields of a JSON object in configuration: their names in a profile, and the variables that they default to. */
type Fields = Readonly<Record<string, readonly [field: string, ...variables: string[]]>>;

const sessionName = [
  "ram_session_name",
  "ALIBABA_CLOUD_ROLE_SESSION_NAME",
  "ALICLOUD_ASSUME_ROLE_SESSION_NAME",
] as const;
const sessionExpiration = ["expired_seconds", "ALICLOUD_ASSUME_ROLE_SESSION_EXPIRATION"] as const;
/** The variables that name the role of an OIDC token, and of an access key if there is no token. */
const roleVariables = ["ALIBABA_CLOUD_ROLE_ARN", "ALIBABACLOUD_ROLE_ARN"] as const;
const assumeRoleFields: Fields = {
  roleArn: ["ram_role_arn", "ALICLOUD_ASSUME_ROLE_ARN", ...roleVariables],
  sessionName,
  policy: ["policy"],
  sessionExpiration,
  externalId: ["external_id", "ALIBABA_CLOUD_ROLE_EXTERNAL_ID", "ALIBABA_CLOUD_EXTERNAL_ID"],
};
const oidcFields: Fields = {
  oidcProviderArn: ["oidc_provider_arn", "ALIBABA_CLOUD_OIDC_PROVIDER_ARN", "ALIBABACLOUD_OIDC_PROVIDER_ARN"],
  oidcTokenFile: ["oidc_token_file", "ALIBABA_CLOUD_OIDC_TOKEN_FILE", "ALIBABACLOUD_OIDC_TOKEN_FILE"],
  oidcToken: ["oidc_token", "ALIBABA_CLOUD_OIDC_TOKEN"],
  roleArn: ["ram_role_arn", ...roleVariables],
  roleSessionName: sessionName,
  policy: ["policy"],
  sessionExpiration,
};

/** The bounds of STS for the duration of a session, in seconds. */
const [shortestSession, longestSession] = [900, 43_200];

/** Returns the role to assume that the first of these scopes names. An object whose `roleArn` is empty means no role. */
export function assumedRole(
  scopes: readonly SettingScope[],
  reader: SettingsReader,
): SignInSettings | undefined {
  for (const scope of scopes) {
    const fields = fieldsOf("assumeRole", assumeRoleFields, [["roleArn"]], scope, reader);
    const roleArn = fields?.ram_role_arn;
    // In a pod with RRSA, these variables name the role of the OIDC token, which must not be assumed twice.
    const isOfToken = roleVariables.some((name) => name === roleArn?.key) && oidcRole(scope, reader);
    if (fields !== undefined && !isOfToken) {
      return roleArn && { mode: "ChainableRamRoleArn", source: roleArn.source, fields };
    }
  }
  return undefined;
}

/** Returns the role of the OIDC token in a scope. */
export function oidcRole(scope: SettingScope, reader: SettingsReader): SignInSettings | undefined {
  const required = [["oidcProviderArn"], ["oidcTokenFile", "oidcToken"], ["roleArn"]];
  const fields = fieldsOf("assumeRoleWithOidc", oidcFields, required, scope, reader);
  const token = fields?.oidc_token ?? fields?.oidc_token_file;
  return fields && token && { mode: "OIDC", source: token.source, fields };
}

/**
 * Returns the fields of a JSON object in configuration, or those of the environment alone, by their names in a profile. The
 * environment also completes the object.
 *
 * @param required the fields of which one each must be set.
 * @returns `undefined` when the scope doesn't have the object, or the environment doesn't have the required fields. No fields
 * when the object has an empty role.
 */
function fieldsOf(
  name: "assumeRole" | "assumeRoleWithOidc",
  known: Fields,
  required: readonly (readonly string[])[],
  scope: SettingScope,
  reader: SettingsReader,
): Record<string, Setting> | undefined {
  const setting = scope === "environment" ? undefined : reader.at(scope, name);
  if (scope !== "environment" && setting === undefined) {
    return undefined;
  }
  const given = setting === undefined ? {} : parseFields(setting, name, Object.keys(known));
  if (given === undefined) {
    return {};
  }
  const find = (own: string) =>
    own === "oidcToken" && given.oidcTokenFile !== undefined
      ? given.oidcToken
      : (given[own] ?? reader.variable(...(known[own]?.slice(1) ?? [])));
  const missing = required.find((names) => names.every((own) => find(own) === undefined));
  if (missing !== undefined) {
    if (setting !== undefined) {
      throw refusal(setting, `${missing[0]} is missing`);
    }
    return undefined;
  }
  const fields = Object.fromEntries(Object.entries(known).map(([own, [field]]) => [field, find(own)]));
  return withoutUndefined({ ...fields, expired_seconds: expiration(fields.expired_seconds) });
}

/** Parses a JSON object in configuration. Some tools write it as a list with one element. No element or role: `undefined`. */
function parseFields(
  setting: Setting,
  name: "assumeRole" | "assumeRoleWithOidc",
  known: readonly string[],
): Record<string, Setting> | undefined {
  const value = parsedJson(setting.value);
  const fields: unknown = Array.isArray(value) && value.length <= 1 ? (value[0] ?? { roleArn: "" }) : value;
  if (!isRecord(fields)) {
    throw invalid(setting, settingKeys[name].accepts);
  }
  const { key, source } = setting;
  const entries = Object.entries(fields).flatMap(([own, given]) => {
    if (!known.includes(own)) {
      // A misspelled policy would give the session more rights than intended.
      throw refusal(setting, `unknown field ${own}; ${nameAdvice(own, known)}`);
    }
    if (given === null || given === "") {
      return [];
    }
    if (typeof given !== "string" && typeof given !== "number") {
      throw refusal(setting, `${own} must be a string or a number`);
    }
    return [[own, { value: String(given).trim(), key: `${key}.${own}`, source: `${source}, ${own}` }]];
  });
  return fields.roleArn === "" ? undefined : Object.fromEntries(entries);
}

function refusal({ key, source }: Setting, problem: string): SettingsError {
  return new SettingsError("InvalidSetting", `Invalid ${source}: ${problem}`, { setting: key });
}

/** Checks the duration of a session. `@pulumi/alicloud` treats 0 as not set. */
function expiration(setting: Setting | undefined): Setting | undefined {
  const seconds = Number(setting?.value ?? 0);
  if (setting === undefined || seconds === 0) {
    return undefined;
  }
  if (!(Number.isInteger(seconds) && seconds >= shortestSession && seconds <= longestSession)) {
    throw invalid(setting, `a whole number of seconds from ${shortestSession} to ${longestSession}`);
  }
  return setting;
}
