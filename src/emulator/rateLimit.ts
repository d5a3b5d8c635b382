/** A token bucket: allows `burst` calls at once, then `callsPerSecond`. */
export class RateLimit {
  #tokens: number;
  #filledAt: number;

  constructor(
    readonly callsPerSecond: number,
    readonly burst: number,
    /** A monotonic clock, in milliseconds. */
    readonly now: () => number,
  ) {
    this.#tokens = burst;
    this.#filledAt = now();
  }

  /** Takes a token for one call. Returns `false` when none is left. */
  take(): boolean {
    const now = this.now();
    this.#tokens = Math.min(this.burst, this.#tokens + ((now - this.#filledAt) / 1000) * this.callsPerSecond);
    this.#filledAt = now;
    if (this.#tokens < 1) {
      return false;
    }
    this.#tokens -= 1;
    return true;
  }
}
