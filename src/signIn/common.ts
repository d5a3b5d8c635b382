import type { Credentials } from "../api/credentials.js";
import type { HttpResponse } from "../api/httpResponse.js";
import type { Transport } from "../api/transport.js";
import { redactLine, registerSecret } from "../common/redact.js";
import { isRecord, parsedJson } from "../common/values.js";
import { SettingsError } from "../errors/errors.js";
import type { SignInEnvironment } from "../settings/signInSettings.js";

/** Returns the error for a sign-in method without credentials. The problem must not include text from a file or a response. */
export function noCredentials(problem: string, advice?: string): SettingsError {
  return new SettingsError("NoCredentials", problem, { advice });
}

/** Returns a name from a file or a response in quotation marks, for messages. */
export function quoted(name: string): string {
  return `"${redactLine(name, longestName)}"`;
}

/** The context that all sign-in methods share. */
export interface SignInContext {
  readonly environment: SignInEnvironment;
  readonly transport: Transport;
  readonly userAgent: string;
  /** Warns the user about something that doesn't make the credentials wrong. */
  readonly warn: (message: string) => void;
}

const longestName = 60;

/**
 * The timeout of one request for credentials, in milliseconds. It is shorter than a call's timeout, so that its own error is
 * reported.
 */
export const signInTimeout = 8_000;

/**
 * Returns the credentials in the fields of a file, a response or a program's output. The vendor writes the same names in several
 * forms, such as `AccessKeyId`, `accessKeyId` and `access_key_id`. Without the checks, a character that a header can't hold would
 * fail later, with an unrelated error.
 *
 * @throws SettingsError `NoCredentials` that names what is missing, and shows no value.
 */
export function credentialsIn(
  fields: Readonly<Record<string, unknown>>,
  source: string,
  providerName: string,
): Credentials {
  const values = new Map(
    Object.entries(fields).map(([name, value]) => [name.toLowerCase().replaceAll("_", ""), value]),
  );
  const read = (name: string, what: string): string => {
    const value = values.get(name);
    const text = typeof value === "string" ? value.trim() : "";
    if (!/^[\x21-\x7e]*$/.test(text)) {
      throw noCredentials(
        `Sign-in with ${source} failed: the ${what} contains a space or another invalid character.`,
        `Copy the ${what} again.`,
      );
    }
    return text;
  };
  const accessKeyId = read("accesskeyid", "access key ID");
  const accessKeySecret = read("accesskeysecret", "access key secret");
  if (accessKeyId === "" || accessKeySecret === "") {
    const missing = accessKeyId === "" ? "ID" : "secret";
    throw noCredentials(`Sign-in with ${source} failed: the access key ${missing} is missing.`);
  }
  const isId = (text: string) => /^(LTAI|STS\.)/.test(text);
  if (isId(accessKeySecret) && !isId(accessKeyId)) {
    throw noCredentials(`Sign-in with ${source} failed: the access key ID and secret are swapped.`);
  }
  const securityToken = read("securitytoken", "security token") || read("ststoken", "security token");
  const expiration =
    Number(values.get("stsexpiration")) * 1000 || Date.parse(String(values.get("expiration")));
  registerSecret(accessKeySecret);
  registerSecret(securityToken);
  return {
    accessKeyId,
    accessKeySecret,
    securityToken: securityToken || undefined,
    expiration: Number.isNaN(expiration) ? undefined : expiration,
    source,
    providerName,
  };
}

/** Returns the fields of a response that holds credentials. No part of it but its code may appear in an error. */
export function readFields(response: HttpResponse, what: string, advice?: string): Record<string, unknown> {
  const { statusCode } = response;
  const fields = parseObject(response.takeText());
  const code = fields?.Code ?? "Success";
  if (statusCode === 200 && fields !== undefined && code === "Success") {
    return fields;
  }
  // Anything but words may be a secret.
  const shown = typeof code === "string" && /^[A-Z][A-Za-z.]{1,60}$/.test(code) ? code : 'not "Success"';
  const isCode = code !== "Success" && `the Code of the response is ${shown}`;
  const isText = fields === undefined && "the response is not a JSON object";
  const isStatus = statusCode !== 200 && `status ${statusCode}`;
  throw noCredentials(`Reading credentials from ${what} failed: ${isStatus || isText || isCode}.`, advice);
}

/** Parses a JSON object. Returns `undefined` for anything else. */
export function parseObject(text: string): Record<string, unknown> | undefined {
  const value = parsedJson(text);
  return isRecord(value) ? value : undefined;
}
