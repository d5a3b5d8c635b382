import OpenApi, { Config, OpenApiRequest, Params } from "@alicloud/openapi-client";
import OpenApiUtil from "@alicloud/openapi-util";
import { Request } from "@alicloud/tea-typescript";
import TeaUtil, { RuntimeOptions } from "@alicloud/tea-util";
import { type Endpoint, originOf } from "../settings/endpoint.js";
import { Answer } from "./answer.js";
import { CallerIdentity } from "./callerIdentity.js";
import type { Credentials, CredentialsSource } from "./credentials.js";
import type { Transport } from "./transport.js";

/** What a client needs to reach the service. */
export interface ClientSettings {
  readonly endpoint: Endpoint;
  readonly credentials: CredentialsSource;
  readonly userAgent: string;
  readonly transport: Transport;
}

const method = "POST";
const signatureAlgorithm = "ACS3-HMAC-SHA256";
/** The payload is always empty: an RPC call carries its parameters in the query. */
const hashOfNothing = OpenApiUtil.hexEncode(OpenApiUtil.hash(Buffer.alloc(0), signatureAlgorithm));

/** The runtime options of one call, with the signal that ends it. */
class CallOptions extends RuntimeOptions {
  readonly signal: AbortSignal;

  constructor(signal: AbortSignal) {
    super({});
    this.signal = signal;
  }
}

/**
 * The vendor's client, which configures and signs, with a sending of our own: the vendor's can neither be bounded in time
 * nor cancelled, takes a redirect for a success, and loses the status of an answer that it cannot read.
 */
export class ServiceClient extends OpenApi {
  readonly #endpoint: Endpoint;
  readonly #credentials: CredentialsSource;
  readonly #transport: Transport;

  constructor(settings: ClientSettings) {
    super(
      new Config({
        endpoint: settings.endpoint.host,
        protocol: settings.endpoint.protocol,
        userAgent: settings.userAgent,
      }),
    );
    this.#endpoint = settings.endpoint;
    this.#credentials = settings.credentials;
    this.#transport = settings.transport;
  }

  /** Calls an RPC action with its parameters in the query, and returns the whole answer whatever it says. */
  async send(action: string, version: string, query: object, signal: AbortSignal): Promise<Answer> {
    const answer: unknown = await this.callApi(
      new Params({
        action,
        version,
        protocol: this.#endpoint.protocol,
        pathname: "/",
        method,
        authType: "AK",
        style: "RPC",
        reqBodyType: "formData",
        bodyType: "string",
      }),
      new OpenApiRequest({ query: OpenApiUtil.query({ ...query }) }),
      new CallOptions(signal),
    );
    if (!(answer instanceof Answer)) {
      throw new TypeError("the vendor's client sent a call past ServiceClient.doRequest");
    }
    return answer;
  }

  /** Signs one request as the vendor's own method does, and sends it once. */
  override async doRequest(
    params: Params,
    request: OpenApiRequest,
    runtime: RuntimeOptions,
  ): Promise<Answer> {
    const query = request.query ?? {};
    const key = await this.#credentials.getCredentials();
    const headers = this.#signedHeaders(params, query, key);
    if (!(runtime instanceof CallOptions)) {
      throw new TypeError("a call goes through ServiceClient.send");
    }
    const url = new URL(`/?${encodeQuery(query)}`, originOf(this.#endpoint));
    const secrets = [key.accessKeySecret, key.securityToken];
    return this.#transport.send(
      { method, url, headers, signal: runtime.signal },
      {
        action: params.action,
        endpoint: originOf(this.#endpoint),
        caller: new CallerIdentity(key.accessKeyId, key.source ?? key.providerName, secrets),
      },
    );
  }

  #signedHeaders(params: Params, query: Record<string, string>, key: Credentials): Record<string, string> {
    const request = new Request();
    request.method = method;
    request.pathname = params.pathname;
    request.query = query;
    request.headers = {
      host: this.#endpoint.host,
      "x-acs-version": params.version,
      "x-acs-action": params.action,
      "user-agent": this.getUserAgent(),
      "x-acs-date": OpenApiUtil.getTimestamp(),
      "x-acs-signature-nonce": TeaUtil.getNonce(),
      "x-acs-content-sha256": hashOfNothing,
      "x-acs-credentials-provider": key.providerName,
      accept: "application/json",
      ...(key.securityToken === undefined
        ? {}
        : { "x-acs-accesskey-id": key.accessKeyId, "x-acs-security-token": key.securityToken }),
    };
    const authorization = OpenApiUtil.getAuthorization(
      request,
      signatureAlgorithm,
      hashOfNothing,
      key.accessKeyId,
      key.accessKeySecret,
    );
    return { ...request.headers, authorization };
  }
}

/** The query as it is signed: every reserved character escaped, in the order of the names. */
function encodeQuery(query: Record<string, string>): string {
  return Object.entries(query)
    .map(([name, value]) => `${OpenApiUtil.getEncodeParam(name)}=${OpenApiUtil.getEncodeParam(value)}`)
    .join("&");
}
