import { type Retry, retryOf } from "../errors/codes.js";
import { ConnectionError, ServiceError } from "../errors/errors.js";

/** Whether a failed call is retried. What is no failure of a call is final. */
export function retryFor(failure: unknown): Retry {
  if (ServiceError.isInstance(failure) || ConnectionError.isInstance(failure)) {
    return retryOf(failure.code, ServiceError.isInstance(failure) ? failure.statusCode : undefined);
  }
  return "never";
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
