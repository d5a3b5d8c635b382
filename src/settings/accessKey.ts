import { SettingsError } from "../errors/errors.js";
import type { CredentialSettings } from "./credentialSettings.js";
import type { Place, SettingsReader } from "./reading.js";
import { settingKeys } from "./settingKeys.js";

/** Reads one half of an access key, or its token, from one place. */
type Read = (half: Half, place: KeyPlace) => ReturnType<SettingsReader["at"]>;
type Half = "accessKey" | "secretKey" | "securityToken";
/** A place; in the environment, three families of names each hold a key. */
type KeyPlace = "outboundbot" | "alicloud" | 0 | 1 | 2;

const keyPlaces: readonly KeyPlace[] = ["outboundbot", "alicloud", 0, 1, 2];

/** The access key of one place. */
export function accessKey(place: Place, reader: SettingsReader): CredentialSettings | undefined {
  const read: Read = (half, at) =>
    typeof at === "number" ? reader.variable(settingKeys[half].environment[at]) : reader.at(at, half);
  const within: readonly KeyPlace[] = place === "environment" ? [0, 1, 2] : [place];
  return within.map((at) => keyAt(at, read)).find((key) => key !== undefined);
}

/**
 * The access key that a place holds. A half that is missing there may stand in another place, as the settings of
 * `@pulumi/alicloud` may be split; a security token belongs to its key and is only taken from where a half of the key is.
 */
function keyAt(place: KeyPlace, read: Read): CredentialSettings | undefined {
  if (read("accessKey", place) === undefined && read("secretKey", place) === undefined) {
    return undefined;
  }
  const idPlace = firstWith("accessKey", place, read);
  const secretPlace = firstWith("secretKey", place, read);
  const accessKeyId = read("accessKey", idPlace);
  const accessKeySecret = read("secretKey", secretPlace);
  if (accessKeyId === undefined || accessKeySecret === undefined) {
    const half = accessKeyId ?? accessKeySecret;
    throw new SettingsError(
      "IncompleteCredentials",
      `The ${half?.source} is set, but the other half of the access key is not: set ${nameOf(accessKeyId === undefined ? "accessKey" : "secretKey", place)} as well.`,
    );
  }
  const securityToken = read("securityToken", idPlace) ?? read("securityToken", secretPlace);
  return { kind: "static", accessKeyId, accessKeySecret, securityToken };
}

/** The place itself if it has the setting, else the first one that does. */
function firstWith(half: Half, place: KeyPlace, read: Read): KeyPlace {
  return [place, ...keyPlaces].find((candidate) => read(half, candidate) !== undefined) ?? place;
}

function nameOf(half: Half, place: KeyPlace): string {
  return typeof place === "number" ? settingKeys[half].environment[place] : `${place}:${half}`;
}
