import { createHmac, randomUUID } from "node:crypto";
import { type IncomingHttpHeaders, request } from "node:http";
import type { Connection } from "./sdk.js";

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** Sends one HTTP request on its own connection. */
export function send(
  url: string,
  {
    method = "GET",
    headers = {},
    body = "",
  }: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const call = request(url, { method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const text = Buffer.concat(chunks).toString("utf8");
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
      });
    });
    call.on("error", reject);
    call.end(body);
  });
}

export type Parameters = Readonly<Record<string, string>>;

/**
 * Returns the parameters of a call with signature version 1.0. Written from the published rules with URLSearchParams,
 * independently of the code under test. Parameters in `overrides` are signed as given.
 */
export function signVersion1(
  { accessKeyId, accessKeySecret, securityToken }: Connection,
  method: "GET" | "POST",
  overrides: Parameters = {},
): string {
  const parameters = new URLSearchParams({
    Action: "ListInstances",
    Version: "2019-12-26",
    Format: "JSON",
    AccessKeyId: accessKeyId,
    SignatureMethod: "HMAC-SHA1",
    SignatureVersion: "1.0",
    SignatureNonce: randomUUID(),
    Timestamp: new Date().toISOString().replace(/\.\d+/, ""),
    ...(securityToken === undefined ? {} : { SecurityToken: securityToken }),
    ...overrides,
  });
  parameters.sort();
  const canonical = parameters
    .toString()
    .replaceAll("+", "%20")
    .replaceAll("*", "%2A")
    .replaceAll("%7E", "~");
  const toSign = `${method}&%2F&${encodeURIComponent(canonical)}`;
  parameters.set("Signature", createHmac("sha1", `${accessKeySecret}&`).update(toSign).digest("base64"));
  return parameters.toString();
}

/** Sends a GET request signed with version 1.0. */
export function getSigned(connection: Connection, parameters: Parameters = {}): Promise<HttpAnswer> {
  return send(`${connection.endpoint}/?${signVersion1(connection, "GET", parameters)}`);
}

/** Returns the JSON of a response. */
export function json(answer: HttpAnswer): Record<string, unknown> {
  return JSON.parse(answer.text);
}
