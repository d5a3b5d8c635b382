import { firstOf, withoutUndefined } from "../common/values.js";
import { SettingsError } from "../errors/errors.js";
import {
  argument,
  type ConnectionArgs,
  type Setting,
  type SettingScope,
  type SettingsReader,
  scopes,
} from "./reading.js";
import { assumedRole, oidcRole } from "./role.js";
import { settingKeys } from "./settingKeys.js";
import type { SignInSettings } from "./signInSettings.js";

/** Resolves the sign-in method. A configured method never falls back to another method; only the default chain tries several. */
export function resolveSignIn(where: ConnectionArgs, reader: SettingsReader): SignInSettings {
  if (where.profile !== undefined) {
    return profileOf(argument("profile", where.profile), reader);
  }
  const found = firstOf(scopes, (scope) => {
    const settings = firstOf(methods, (method) => method(scope, reader));
    return settings && { settings, scope };
  });
  const base = found?.settings ?? { mode: "default", source: "the default chain", fields: {} };
  // Credentials of an earlier scope don't assume a role: `outboundbot:accessKey` must not assume that of `alicloud:assumeRole`.
  const roleScopes = scopes.slice(0, found && scopes.indexOf(found.scope) + 1);
  const role = assumedRole(roleScopes, reader);
  return role === undefined ? base : { ...role, base };
}

/** The sign-in methods, in the order in which each scope is searched for them. */
const methods: readonly ((scope: SettingScope, reader: SettingsReader) => SignInSettings | undefined)[] = [
  accessKey,
  profile,
  oidcRole,
  (scope, reader) => single("EcsRamRole", "ram_role_name", reader.at(scope, "ecsRoleName")),
  (scope, reader) => single("CredentialsURI", "credentials_uri", reader.at(scope, "credentialsUri")),
];

function single(mode: string, field: string, setting: Setting | undefined): SignInSettings | undefined {
  return setting && { mode, source: setting.source, fields: { [field]: setting } };
}

/** Returns a profile, a file of profiles, or both. A later scope can supply the missing setting. */
function profile(scope: SettingScope, reader: SettingsReader): SignInSettings | undefined {
  if (scope === "environment" && reader.isTrue("ALIBABA_CLOUD_IGNORE_PROFILE")) {
    return undefined;
  }
  const own = reader.at(scope, "profile") ?? reader.at(scope, "sharedCredentialsFile");
  return own && profileOf(reader.first("profile", scope), reader);
}

function profileOf(name: Setting | undefined, reader: SettingsReader): SignInSettings {
  const file = reader.first("sharedCredentialsFile");
  const source = name === undefined ? "the current profile" : `profile "${name.value}"`;
  return { mode: "profile", source, fields: withoutUndefined({ name, file }) };
}

/** Returns the places of access keys. In the environment, each of several groups of variables holds a key. */
function keyPlaces(reader: SettingsReader) {
  const { accessKey, secretKey, securityToken } = settingKeys;
  const configured = (["outboundbot", "alicloud"] as const).map((scope) => ({
    scope,
    names: [`${scope}:accessKey`, `${scope}:secretKey`],
    id: reader.at(scope, "accessKey"),
    secret: reader.at(scope, "secretKey"),
    token: reader.at(scope, "securityToken"),
  }));
  const variables = accessKey.environment.map((name, index) => {
    const secret = secretKey.environment[index] ?? "";
    const token = securityToken.environment[index] ?? securityToken.environment[0];
    const [id, ...others] = [name, secret, token].map((variable) => reader.variable(variable));
    return { scope: "environment" as const, names: [name, secret], id, secret: others[0], token: others[1] };
  });
  return [...configured, ...variables];
}

/**
 * Returns the access key that starts in this scope. A missing half may come from another place, because the settings of
 * `@pulumi/alicloud` can be split. A security token belongs to its key, so it must be in the same place as one half.
 */
function accessKey(scope: SettingScope, reader: SettingsReader): SignInSettings | undefined {
  const places = keyPlaces(reader);
  const own = places.find((place) => place.scope === scope && (place.id ?? place.secret) !== undefined);
  if (own === undefined) {
    return undefined;
  }
  const ofId = [own, ...places].find(({ id }) => id !== undefined);
  const ofSecret = [own, ...places].find(({ secret }) => secret !== undefined);
  if (ofId?.id === undefined || ofSecret?.secret === undefined) {
    const missing = own.names[own.id === undefined ? 0 : 1];
    throw new SettingsError(
      "IncompleteCredentials",
      `Sign-in failed: ${(own.id ?? own.secret)?.source} is set, but ${missing} isn't.`,
      { setting: missing, advice: `Set ${missing} as well.` },
    );
  }
  const { id } = ofId;
  const { secret } = ofSecret;
  const token = ofId.token ?? ofSecret.token;
  return {
    mode: token === undefined ? "AK" : "StsToken",
    source: `${id.source} and ${secret.key}`,
    fields: withoutUndefined({ access_key_id: id, access_key_secret: secret, sts_token: token }),
  };
}
