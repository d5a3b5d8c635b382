/**
 * Keeps calls below a configured rate. Calls are spaced evenly, and the service receives no more than the cap in any second:
 * because transit times vary, a call counts until one second after its end.
 *
 * All times are milliseconds of the same clock.
 */
export class RateCap {
  /** The minimum time between two calls. */
  readonly #interval: number;
  /** The maximum number of calls in a period: the calls of one second, or one call if the rate is below one per second. */
  readonly #callsAPeriod: number;
  /** The latest calls, up to the maximum of a period, oldest first. */
  readonly #calls: { readonly sentAt: number; endedAt: number }[] = [];

  /** @param maxRate the maximum rate, in calls per second. */
  constructor(maxRate: number) {
    this.#interval = 1000 / maxRate;
    this.#callsAPeriod = Math.ceil(maxRate);
  }

  /** Returns how long the next call must wait: 0 if it may be sent now, infinity if a call in flight must end first. */
  wait(now: number): number {
    const [first] = this.#calls;
    const last = this.#calls.at(-1);
    if (first === undefined || last === undefined) {
      return 0;
    }
    const spaced = last.sentAt + this.#interval;
    const inPeriod =
      this.#calls.length < this.#callsAPeriod ? spaced : first.endedAt + this.#callsAPeriod * this.#interval;
    return Math.max(0, spaced - now, inPeriod - now);
  }

  /** Records that a call is sent. */
  sent(now: number): void {
    this.#calls.push({ sentAt: now, endedAt: Number.POSITIVE_INFINITY });
    if (this.#calls.length > this.#callsAPeriod) {
      this.#calls.shift();
    }
  }

  /** Records that the call sent at `sentAt` ended, with any outcome. */
  ended(now: number, sentAt: number): void {
    const call = this.#calls.find((other) => other.sentAt === sentAt);
    if (call !== undefined) {
      call.endedAt = now;
    }
  }
}
