import type { Credentials } from "../api/credentials.js";
import type { HttpResponse } from "../api/httpResponse.js";
import type { Transport } from "../api/transport.js";
import { registerSecret } from "../common/redact.js";
import { isRecord } from "../common/values.js";
import { SettingsError } from "../errors/errors.js";
import type { SignInEnvironment } from "../settings/credentials.js";

/** Returns the error for a sign-in method without credentials. The problem must not include text from a file or a response. */
export function noCredentials(problem: string, advice?: string): SettingsError {
  return new SettingsError("NoCredentials", problem, { advice });
}

/** The context that all sign-in methods share. */
export interface SignInContext {
  readonly environment: SignInEnvironment;
  readonly transport: Transport;
  readonly userAgent: string;
}

/**
 * The timeout of one request for credentials, in milliseconds. It is shorter than a call's timeout, so that its own error is
 * reported.
 */
export const signInTimeout = 8_000;

/** Unchecked credentials from a file, a response or a program. */
export interface UncheckedCredentials {
  readonly accessKeyId: unknown;
  readonly accessKeySecret: unknown;
  readonly securityToken?: unknown;
  /** The expiration time, in ISO 8601 format. */
  readonly expiration?: unknown;
}

/**
 * Checks credentials and returns them. Without the check, a character that a header can't hold would fail later, with an
 * unrelated error.
 *
 * @throws SettingsError `NoCredentials` that names what is missing, and shows no value.
 */
export function toCredentials(
  given: UncheckedCredentials,
  source: string,
  providerName: string,
): Credentials {
  const securityToken = text(given.securityToken);
  const keys = {
    accessKeyId: required(given.accessKeyId, "access key ID", source),
    accessKeySecret: required(given.accessKeySecret, "access key secret", source),
    ...(securityToken === undefined
      ? {}
      : { securityToken: printable(securityToken, "security token", source) }),
  };
  registerSecret(keys.accessKeySecret);
  registerSecret(securityToken);
  const expiration = typeof given.expiration === "string" ? Date.parse(given.expiration) : Number.NaN;
  return { ...keys, ...(Number.isNaN(expiration) ? {} : { expiration }), source, providerName };
}

function required(value: unknown, what: string, source: string): string {
  const given = text(value);
  if (given === undefined) {
    throw noCredentials(`Sign-in with ${source} failed: the ${what} is missing.`);
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
      `Sign-in with ${source} failed: the ${what} contains a space or another invalid character.`,
      `Copy the ${what} again.`,
    );
  }
  return value;
}

/** Reads a response that holds credentials. No part of it may appear in an error. */
export function readKeys(
  response: HttpResponse,
  what: string,
  source: string,
  providerName: string,
): Credentials {
  if (response.statusCode !== 200) {
    throw noCredentials(`Reading credentials from ${what} failed: status ${response.statusCode}.`);
  }
  const fields = parseObject(response.takeText());
  if (fields === undefined) {
    throw noCredentials(`Reading credentials from ${what} failed: the response is not a JSON object.`);
  }
  if (fields.Code !== undefined && fields.Code !== "Success") {
    throw noCredentials(
      `Reading credentials from ${what} failed: the Code of the response is not "Success".`,
    );
  }
  return credentialsIn(fields, source, providerName);
}

/** Returns the credentials of a session, by the field names that all of the vendor's services use. */
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

/** Parses a JSON object. Returns `undefined` for anything else, because the parser's error would repeat the text. */
export function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
