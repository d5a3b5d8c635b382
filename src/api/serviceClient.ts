import OpenApiUtil from "@alicloud/openapi-util";
import { Request } from "@alicloud/tea-typescript";
import TeaUtil from "@alicloud/tea-util";
import { type Endpoint, originOf } from "../settings/endpoint.js";
import { CallerIdentity } from "./callerIdentity.js";
import type { Credentials, CredentialsSource } from "./credentials.js";
import type { HttpResponse } from "./httpResponse.js";
import type { Transport } from "./transport.js";

/** The settings of a client. */
export interface ClientSettings {
  readonly endpoint: Endpoint;
  readonly credentials: CredentialsSource;
  readonly userAgent: string;
  readonly transport: Transport;
}

const method = "POST";
const pathname = "/";
const signatureAlgorithm = "ACS3-HMAC-SHA256";
/** The payload is always empty, because an RPC call has its parameters in the query. */
const hashOfNothing = OpenApiUtil.hexEncode(OpenApiUtil.hash(Buffer.alloc(0), signatureAlgorithm));

/** Signs RPC calls with the vendor's signature code and sends them through a transport. */
export class ServiceClient {
  readonly #endpoint: Endpoint;
  readonly #credentials: CredentialsSource;
  readonly #transport: Transport;
  readonly #userAgent: string;
  /** The caller of the latest call, because most calls have the same credentials. */
  #latest: { readonly key: Credentials; readonly caller: CallerIdentity } | undefined;

  constructor({ endpoint, credentials, transport, userAgent }: ClientSettings) {
    this.#endpoint = endpoint;
    this.#credentials = credentials;
    this.#transport = transport;
    this.#userAgent = TeaUtil.getUserAgent(userAgent);
  }

  /** Calls an RPC action with its parameters in the query, and returns the complete response with any status. */
  async send(
    action: string,
    version: string,
    parameters: object,
    signal: AbortSignal,
  ): Promise<HttpResponse> {
    const key = await this.#credentials.getCredentials();
    const request = new Request();
    request.method = method;
    request.pathname = pathname;
    request.query = OpenApiUtil.query({ ...parameters });
    request.headers = this.#headers(action, version, key);
    const authorization = OpenApiUtil.getAuthorization(
      request,
      signatureAlgorithm,
      hashOfNothing,
      key.accessKeyId,
      key.accessKeySecret,
    );
    const endpoint = originOf(this.#endpoint);
    return this.#transport.send(
      {
        method,
        url: new URL(`${pathname}?${encodeQuery(request.query)}`, endpoint),
        headers: { ...request.headers, authorization },
        signal,
      },
      { action, endpoint, caller: this.#callerWith(key) },
    );
  }

  #headers(action: string, version: string, key: Credentials): Record<string, string> {
    return {
      host: this.#endpoint.host,
      "x-acs-version": version,
      "x-acs-action": action,
      "user-agent": this.#userAgent,
      "x-acs-date": OpenApiUtil.getTimestamp(),
      "x-acs-signature-nonce": TeaUtil.getNonce(),
      "x-acs-content-sha256": hashOfNothing,
      "x-acs-credentials-provider": key.providerName,
      accept: "application/json",
      ...(key.securityToken === undefined
        ? {}
        : { "x-acs-accesskey-id": key.accessKeyId, "x-acs-security-token": key.securityToken }),
    };
  }

  #callerWith(key: Credentials): CallerIdentity {
    if (this.#latest?.key !== key) {
      const secrets = [key.accessKeySecret, key.securityToken];
      const caller = new CallerIdentity(key.accessKeyId, key.source ?? key.providerName, secrets);
      this.#latest = { key, caller };
    }
    return this.#latest.caller;
  }
}

/** Returns the query in its signed form: all reserved characters escaped, sorted by name. */
function encodeQuery(query: Record<string, string>): string {
  return Object.entries(query)
    .map(([name, value]) => `${OpenApiUtil.getEncodeParam(name)}=${OpenApiUtil.getEncodeParam(value)}`)
    .join("&");
}
