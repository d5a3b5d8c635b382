import type { Answer } from "../api/answer.js";
import type { CallerIdentity } from "../api/callerIdentity.js";
import type { Credentials } from "../api/credentials.js";
import { type Call, readSuccess } from "../api/failure.js";
import { httpCall } from "../api/httpCall.js";
import { isRecord } from "../common/values.js";
import type { SignInEnvironment } from "../settings/credentials.js";

import { type Endpoint, originOf, parseEndpoint } from "../settings/endpoint.js";
import { credentialsIn, parseObject } from "./answer.js";
import { type SignInContext, signInTimeout } from "./context.js";
import { noCredentials } from "./failure.js";

const version = "2015-04-01";

/** What a profile may say of STS; what is set for all goes before it. */
export interface StsSettings {
  readonly endpoint?: string | undefined;
  readonly region?: string | undefined;
  readonly vpc?: boolean | undefined;
}

/** The address of STS. */
export function stsEndpoint(environment: SignInEnvironment, sts: StsSettings, source: string): Endpoint {
  if (environment.stsEndpoint !== undefined) {
    return environment.stsEndpoint;
  }
  if (sts.endpoint !== undefined) {
    return parseEndpoint({ value: sts.endpoint, key: "sts_endpoint", source });
  }
  const vpc = sts.vpc ?? environment.vpc;
  const region = sts.region ?? environment.stsRegion ?? (vpc ? "cn-shanghai" : undefined);
  if (region === undefined) {
    return { protocol: "https", host: "sts.aliyuncs.com" };
  }
  // A region becomes part of a host name, so it must not be able to become another host.
  if (!/^[a-z0-9-]+$/.test(region)) {
    throw noCredentials(`The STS region from ${source} is not a region's name.`, "InvalidSetting");
  }
  return { protocol: "https", host: `${vpc ? "sts-vpc" : "sts"}.${region}.aliyuncs.com` };
}

/**
 * Calls STS as an identity that is signed in already. The vendor's source speaks HTTPS to hosts of its own making only,
 * past every proxy, with answers and the security token in its errors and its debug log; this goes the way of every other call.
 */
export async function callSts(
  action: string,
  parameters: Record<string, string>,
  endpoint: Endpoint,
  key: Credentials,
  { transport, userAgent }: SignInContext,
): Promise<Answer> {
  const { ServiceClient } = await import("../api/serviceClient.js");
  const client = new ServiceClient({
    endpoint,
    credentials: { getCredentials: async () => key },
    userAgent,
    transport,
  });
  return client.send(action, version, parameters, AbortSignal.timeout(signInTimeout));
}

/** Calls STS with a token in sts of a signature. */
export async function callStsUnsigned(
  action: string,
  parameters: Record<string, string>,
  endpoint: Endpoint,
  caller: CallerIdentity,
  { transport, userAgent }: SignInContext,
): Promise<Answer> {
  const url = new URL(originOf(endpoint));
  url.search = new URLSearchParams({
    Action: action,
    Version: version,
    Format: "JSON",
    Timestamp: new Date().toISOString().replace(/\.\d+/, ""),
  }).toString();
  return httpCall({
    dispatcher: transport.to(url),
    proxies: transport.proxies,
    method: "POST",
    url,
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      "user-agent": userAgent,
      accept: "application/json",
    },
    body: new URLSearchParams(parameters).toString(),
    timeout: signInTimeout,
    action,
    caller,
  });
}

/** Reads the credentials of a session. */
export function readSession(answer: Answer, call: Call, source: string, providerName: string): Credentials {
  readSuccess(answer, call);
  const keys = parseObject(answer.body)?.Credentials;
  return credentialsIn(isRecord(keys) ? keys : {}, source, providerName);
}
