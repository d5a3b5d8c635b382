const firstDelay = 100;
const longestDelay = 5_000;

/** Returns the delay before a retry, in milliseconds: exponential in the number of attempts, with full jitter. */
export function retryDelay(attempts: number, random: () => number): number {
  return random() * Math.min(longestDelay, firstDelay * 2 ** (attempts - 1));
}

/**
 * The retry budget of a lookup: one retry for each successful call, plus a fixed number. The budget keeps the pages of a lookup
 * from overloading a failing service with retries.
 */
export class RetryBudget {
  #left = 100;

  /** @returns whether the budget allows one more retry. */
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
