import type { CallerIdentity } from "./callerIdentity.js";
import { type Call, callOnce } from "./failure.js";
import type { HttpResponse } from "./httpResponse.js";
import type { HttpRequest, Transport } from "./transport.js";

/** One unsigned HTTP request. */
export interface HttpCall extends Omit<HttpRequest, "signal"> {
  readonly transport: Transport;
  /** The timeout of the complete response, in milliseconds. */
  readonly timeout: number;
  /** The purpose of the request, as errors name it. */
  readonly action: string;
  readonly caller?: CallerIdentity;
}

/**
 * Sends one request without retries, and returns the complete response with any status. Redirects aren't followed.
 *
 * @throws ConnectionError when no complete response arrives before the timeout.
 */
export function httpCall({
  transport,
  timeout,
  action,
  caller,
  ...request
}: HttpCall): Promise<HttpResponse> {
  const call: Call = { action, endpoint: request.url.origin, caller };
  return callOnce(call, timeout, (signal) => transport.send({ ...request, signal }, call));
}
