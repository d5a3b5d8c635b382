import type { Answer } from "../api/answer.js";
import type { Credentials } from "../api/credentials.js";
import type { Transport } from "../api/transport.js";
import { keepSecret } from "../common/shown.js";
import { isRecord } from "../common/values.js";
import { SettingsError } from "../errors/errors.js";
import type { SignInEnvironment } from "../settings/credentials.js";

/** A way to sign in that does not lead to credentials. The problem must not hold anything read from a file or an answer. */
export function noCredentials(problem: string): SettingsError {
  return new SettingsError("NoCredentials", problem);
}

/** What the ways to sign in share. */
export interface SignInContext {
  readonly environment: SignInEnvironment;
  readonly transport: Transport;
  readonly userAgent: string;
}

/** How long one request for credentials may take, in milliseconds: less than a call, so that its own error is the one seen. */
export const signInTimeout = 8_000;

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
  keepSecret(keys.accessKeySecret);
  keepSecret(securityToken);
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

/** Reads an answer that holds credentials. No piece of it may get into an error. */
export function readKeys(answer: Answer, what: string, source: string, providerName: string): Credentials {
  if (answer.statusCode !== 200) {
    throw noCredentials(`${what} answered status ${answer.statusCode}.`);
  }
  const fields = parseObject(answer.text());
  if (fields === undefined) {
    throw noCredentials(`${what} answered something that is not a JSON object.`);
  }
  if (fields.Code !== undefined && fields.Code !== "Success") {
    throw noCredentials(`${what} answered, but not with Code "Success".`);
  }
  return credentialsIn(fields, source, providerName);
}

/** The credentials of a session, under the names that all of the vendor's services give them. */
export function credentialsIn(
  fields: Record<string, unknown>,
  source: string,
  providerName: string,
): Credentials {
  return toCredentials(
    {
      accessKeyId: fields.AccessKeyId,
      accessKeySecret: fields.AccessKeySecret,
      securityToken: fields.SecurityToken,
      expiration: fields.Expiration,
    },
    source,
    providerName,
  );
}

/** The JSON object that a text is; a parser's own error would repeat the text. */
export function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
