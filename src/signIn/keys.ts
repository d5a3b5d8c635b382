import type { Credentials } from "../api/credentials.js";

import { noCredentials } from "./failure.js";

/** What a file, an answer or a program gave as credentials, under whatever names it has for them. */
export interface GivenKeys {
  readonly accessKeyId: unknown;
  readonly accessKeySecret: unknown;
  readonly securityToken?: unknown;
  /** A time as ISO 8601 writes it. */
  readonly expiration?: unknown;
}

/**
 * Credentials, checked: a character that no header can hold would otherwise fail far from here.
 *
 * @throws SettingsError `NoCredentials` that says what is missing, and shows none of it.
 */
export function toCredentials(given: GivenKeys, source: string, providerName: string): Credentials {
  const securityToken = text(given.securityToken);
  const keys = {
    accessKeyId: required(given.accessKeyId, "access key id", source),
    accessKeySecret: required(given.accessKeySecret, "access key secret", source),
    ...(securityToken === undefined
      ? {}
      : { securityToken: printable(securityToken, "security token", source) }),
  };
  const expiration = typeof given.expiration === "string" ? Date.parse(given.expiration) : Number.NaN;
  return { ...keys, ...(Number.isNaN(expiration) ? {} : { expiration }), source, providerName };
}

function required(value: unknown, what: string, source: string): string {
  const given = text(value);
  if (given === undefined) {
    throw noCredentials(`There is no ${what} in ${source}.`);
  }
  return printable(given, what, source);
}

function text(value: unknown): string | undefined {
  const trimmed = typeof value === "string" ? value.trim() : "";
  return trimmed === "" ? undefined : trimmed;
}

function printable(value: string, what: string, source: string): string {
  if (!/^[\x21-\x7e]+$/.test(value)) {
    throw noCredentials(
      `The ${what} from ${source} holds a space or another character that no ${what} has. Copy it again.`,
    );
  }
  return value;
}
