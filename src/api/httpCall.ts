import { withDeadline } from "../common/deadline.js";
import { recordRequest } from "../tracing/trace.js";
import type { Answer } from "./answer.js";
import type { CallerIdentity } from "./callerIdentity.js";
import { type Call, callTimedOut } from "./failure.js";
import type { HttpRequest, Transport } from "./transport.js";

/** One HTTP request that is not signed. */
export interface HttpCall extends Omit<HttpRequest, "signal"> {
  readonly transport: Transport;
  /** How long it may take until the whole response is there, in milliseconds. */
  readonly timeout: number;
  /** What the request is for, as errors name it. */
  readonly action: string;
  readonly caller?: CallerIdentity;
}

/**
 * Sends one request, once, and waits for the whole response whatever it says. Redirects are not followed.
 *
 * @throws ConnectionError when no whole response comes in time.
 */
export function httpCall({ transport, timeout, action, caller, ...request }: HttpCall): Promise<Answer> {
  const call: Call = { action, endpoint: request.url.origin, caller };
  return withDeadline(
    timeout,
    () => callTimedOut(call, timeout),
    undefined,
    (signal) =>
      recordRequest(request.method, request.url.origin, () => transport.send({ ...request, signal }, call)),
  );
}
