import { strict as assert } from "node:assert/strict";
import Client, { Config, OpenApiRequest, Params } from "@alicloud/openapi-client";
import OpenApiUtil from "@alicloud/openapi-util";
import { Request } from "@alicloud/tea-typescript";
import TeaUtil, { RuntimeOptions } from "@alicloud/tea-util";
import { type Endpoint, originOf } from "../settings/endpoint.js";
import { CallerIdentity } from "./callerIdentity.js";
import type { Credentials, CredentialsSource } from "./credentials.js";
import { HttpResponse } from "./httpResponse.js";
import type { Transport } from "./transport.js";

/** The settings of a client. */
export interface ClientSettings {
  readonly endpoint: Endpoint;
  /** The credentials that sign the calls, or the identity that makes unsigned calls. */
  readonly identity: CredentialsSource | CallerIdentity;
  readonly userAgent: string;
  readonly transport: Transport;
}

/** An RPC action with its parameters. */
export interface Action {
  readonly action: string;
  readonly version: string;
  readonly query?: object;
  /** The parameters that must not be part of a URL. */
  readonly form?: Readonly<Record<string, string>>;
}

/** The vendor's options of a call, with the signal that cancels the call. */
class CallOptions extends RuntimeOptions {
  readonly signal: AbortSignal;

  constructor(signal: AbortSignal) {
    super();
    this.signal = signal;
  }
}

const signatureAlgorithm = "ACS3-HMAC-SHA256";

/** The beginnings of the codes with which the service and STS reject a security token. */
const expiredTokens = ["InvalidSecurityToken", "SecurityTokenExpired", "InvalidStsToken"];

/** The vendor's client, except that it sends through our transport. */
export class ServiceClient extends Client {
  readonly #origin: string;
  readonly #identity: CredentialsSource | CallerIdentity;
  readonly #transport: Transport;
  /** The credentials of each call under way. */
  readonly #keys = new WeakMap<CallerIdentity, Credentials>();

  constructor({ endpoint, identity, transport, userAgent }: ClientSettings) {
    super(new Config({ endpoint: endpoint.host, protocol: endpoint.protocol, userAgent }));
    this.#origin = originOf(endpoint);
    this.#identity = identity;
    this.#transport = transport;
  }

  /**
   * Calls an action, and returns the complete response with any status. If the security token has expired, such as one in a file
   * that another tool rewrites, calls once more with newer credentials.
   */
  async send(action: Action, signal: AbortSignal): Promise<HttpResponse> {
    const response = await this.#call(action, signal);
    const isExpired = response.statusCode >= 400 && response.contains(expiredTokens);
    return isExpired && (await this.#hasNewerKey(response)) ? this.#call(action, signal) : response;
  }

  async #hasNewerKey({ caller }: HttpResponse): Promise<boolean> {
    const rejected = caller && this.#keys.get(caller);
    if (rejected === undefined || this.#identity instanceof CallerIdentity) {
      return false;
    }
    const newer = await this.#identity.renew?.(rejected);
    return newer !== undefined && newer.securityToken !== rejected.securityToken;
  }

  async #call({ action, version, query = {}, form }: Action, signal: AbortSignal): Promise<HttpResponse> {
    const params = new Params({
      action,
      version,
      pathname: "/",
      method: "POST",
      authType: this.#identity instanceof CallerIdentity ? "Anonymous" : "AK",
      style: "RPC",
      reqBodyType: "formData",
      bodyType: "string",
    });
    const request = new OpenApiRequest({ query: OpenApiUtil.query({ ...query }), body: form });
    const response = await this.callApi(params, request, new CallOptions(signal));
    // The vendor's type allows anything.
    assert(response instanceof HttpResponse);
    return response;
  }

  /** Replaces the method in which the vendor's client builds, signs and sends a request. */
  override async doRequest(
    { action, version, method, pathname }: Params,
    { query = {}, body }: OpenApiRequest,
    { signal }: CallOptions,
  ): Promise<HttpResponse> {
    const form = OpenApiUtil.toForm(body);
    const hash = OpenApiUtil.hexEncode(OpenApiUtil.hash(TeaUtil.toBytes(form), signatureAlgorithm));
    const request = new Request();
    request.method = method;
    request.pathname = pathname;
    request.query = query;
    request.headers = {
      host: this._endpoint,
      "x-acs-version": version,
      "x-acs-action": action,
      "user-agent": this.getUserAgent(),
      "x-acs-date": OpenApiUtil.getTimestamp(),
      "x-acs-signature-nonce": TeaUtil.getNonce(),
      "x-acs-content-sha256": hash,
      accept: "application/json",
      ...(form === "" ? {} : { "content-type": "application/x-www-form-urlencoded" }),
      ...this.getRpcHeaders(),
    };
    const caller = await this.#sign(request, hash);
    const url = new URL(`${pathname}?${TeaUtil.toFormString(query)}`, this.#origin);
    return this.#transport.send(
      { method: "POST", url, headers: request.headers, body: form, signal },
      { action, endpoint: this.#origin, caller },
    );
  }

  /** Signs a request with the caller's key, if there is one. Returns the caller. */
  async #sign(request: Request, hash: string): Promise<CallerIdentity> {
    if (this.#identity instanceof CallerIdentity) {
      return this.#identity;
    }
    const key = await this.#identity.getCredentials();
    const { accessKeyId, accessKeySecret, securityToken, providerName, source } = key;
    request.headers["x-acs-credentials-provider"] = providerName;
    if (securityToken !== undefined) {
      request.headers["x-acs-accesskey-id"] = accessKeyId;
      request.headers["x-acs-security-token"] = securityToken;
    }
    request.headers.authorization = OpenApiUtil.getAuthorization(
      request,
      signatureAlgorithm,
      hash,
      accessKeyId,
      accessKeySecret,
    );
    const caller = new CallerIdentity(accessKeyId, source ?? providerName, [accessKeySecret, securityToken]);
    this.#keys.set(caller, key);
    return caller;
  }
}
