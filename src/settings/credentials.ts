import type { WhereArgs } from "../lookup/arguments.js";
import { accessKey } from "./accessKey.js";
import type { CredentialSettings, Setting } from "./credentialSettings.js";
import { type Place, places, type SettingsReader } from "./reading.js";
import { assumedRole, oidcRole } from "./role.js";

/** What is looked for in each place, in this order. */
const ways: readonly ((place: Place, reader: SettingsReader) => CredentialSettings | undefined)[] = [
  accessKey,
  profile,
  oidcRole,
  (place, reader) => named(reader.at(place, "ecsRoleName"), (name) => ({ kind: "instanceRole", name })),
  (place, reader) => named(reader.at(place, "credentialsUri"), (uri) => ({ kind: "uri", uri })),
];

/** How to sign in. What a place names is used or fails; only the default chain goes on to the next. */
export function resolveCredentials(where: WhereArgs, reader: SettingsReader): CredentialSettings {
  if (where.profile !== undefined) {
    const name = { value: where.profile, source: "argument profile" };
    return { kind: "profile", name, file: reader.first("sharedCredentialsFile") };
  }
  for (const [index, place] of places.entries()) {
    for (const way of ways) {
      const base = way(place, reader);
      if (base !== undefined) {
        return withRole(base, places.slice(0, index + 1), reader);
      }
    }
  }
  return withRole({ kind: "default", notSet }, places, reader);
}

/**
 * A role is assumed with credentials of its own place or of a later one. Those of an earlier place were named in full
 * there: `outboundbot:accessKey` must not end up in the role that `alicloud:assumeRole` names for everything else.
 */
function withRole(
  base: CredentialSettings,
  rolePlaces: readonly Place[],
  reader: SettingsReader,
): CredentialSettings {
  const role = rolePlaces.map((place) => assumedRole(place, reader)).find((found) => found !== undefined);
  return role === undefined ? base : { kind: "assumedRole", base, role };
}

/** A profile, a file of profiles, or both; what one place leaves out a later one may say. */
function profile(place: Place, reader: SettingsReader): CredentialSettings | undefined {
  if (reader.at(place, "profile") === undefined && reader.at(place, "sharedCredentialsFile") === undefined) {
    return undefined;
  }
  const file = reader.first("sharedCredentialsFile");
  return { kind: "profile", name: reader.from(place, "profile"), file };
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
