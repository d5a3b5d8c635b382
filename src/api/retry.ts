import { ConnectionError, ServiceError } from "../errors/errors.js";

/**
 * What a failure says of the service: it was called too often; it is not well, so the call may be tried again; or it
 * refused the call for good.
 */
export type FailureKind = "throttled" | "transient" | "refused";

/** Codes of a service that is not well, or of a request that only has to be signed anew. */
const transientCodes =
  /^(ServiceUnavailable|InternalError|InternalServerError|SignatureNonceUsed|Unknown(Error)?$)/;
/** Codes of an answer that did not come from the service itself, or not whole. */
const brokenAnswers = new Set(["UnreadableResponse", "EmptyResponse"]);
const transientConnectionCodes = new Set([
  "ConnectionRefused",
  "ConnectionReset",
  "TruncatedResponse",
  "CallTimeout",
  "UnreadableResponse",
  "ConnectionFailed",
]);

/** Tells what a failed call may be followed by. Decided on the code: the statuses of one code vary. */
export function kindOf(failure: unknown): FailureKind {
  if (ServiceError.isInstance(failure)) {
    const { code, statusCode } = failure;
    if (/throttl/i.test(code) || statusCode === 429) {
      return "throttled";
    }
    const broken = brokenAnswers.has(code) && statusCode < 300;
    return broken || transientCodes.test(code) || statusCode >= 500 ? "transient" : "refused";
  }
  if (ConnectionError.isInstance(failure)) {
    return transientConnectionCodes.has(failure.code) ? "transient" : "refused";
  }
  return "refused";
}

const firstDelay = 100;
const longestDelay = 5_000;

/** The wait before a call that failed is tried again, in milliseconds: exponential in the tries so far, with full jitter. */
export function retryDelay(tries: number, random: () => number): number {
  return random() * Math.min(longestDelay, firstDelay * 2 ** (tries - 1));
}

/**
 * How often a lookup may try again in all: as often as calls succeed, and a fixed number of times more, so that a service
 * that is down is not hammered by every page at once.
 */
export class RetryBudget {
  #left = 100;

  /** @returns whether one more try is within the budget. */
  take(): boolean {
    if (this.#left < 1) {
      return false;
    }
    this.#left--;
    return true;
  }

  succeeded(): void {
    this.#left++;
  }
}
