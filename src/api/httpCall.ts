import type { Dispatcher } from "undici";
import { withDeadline } from "../common/deadline.js";
import { Answer } from "./answer.js";
import type { CallerIdentity } from "./callerIdentity.js";
import { toConnectionError } from "./connectionFailure.js";
import { type Call, callTimedOut } from "./failure.js";

/** One plain HTTP request. */
export interface HttpCall {
  readonly dispatcher: Dispatcher;
  readonly proxies: readonly URL[];
  readonly method: "GET" | "POST" | "PUT";
  readonly url: URL;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  /** How long it may take until the whole answer is there, in milliseconds. */
  readonly timeout: number;
  /** What is asked, in an error's words. */
  readonly action: string;
  readonly caller?: CallerIdentity;
}

/**
 * Sends one request, once, and waits for the whole answer whatever it says. Redirects are not followed.
 *
 * @throws ConnectionError when no whole answer comes in time.
 */
export async function httpCall(request: HttpCall): Promise<Answer> {
  const { dispatcher, proxies, method, url, headers = {}, body, timeout, action, caller } = request;
  const call: Call = { action, endpoint: url.origin, caller };
  return withDeadline(
    timeout,
    () => callTimedOut(call, timeout),
    undefined,
    async (signal) => {
      try {
        const response = await dispatcher.request({
          origin: url.origin,
          path: `${url.pathname}${url.search}`,
          method,
          headers,
          body: body ?? null,
          signal,
        });
        return new Answer(response.statusCode, response.headers, await response.body.text(), caller);
      } catch (error) {
        signal.throwIfAborted();
        throw toConnectionError(error, call, proxies);
      }
    },
  );
}
