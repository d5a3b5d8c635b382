import type { Answer } from "../api/answer.js";
import type { Credentials } from "../api/credentials.js";
import { isRecord } from "../common/values.js";

import { noCredentials } from "./failure.js";
import { toCredentials } from "./keys.js";

/** Reads an answer that holds credentials. No piece of it may get into an error. */
export function readKeys(answer: Answer, what: string, source: string, providerName: string): Credentials {
  if (answer.statusCode !== 200) {
    throw noCredentials(`${what} answered status ${answer.statusCode}.`);
  }
  const fields = parseObject(answer.body);
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
