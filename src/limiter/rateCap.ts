interface SentCall {
  readonly sentAt: number;
  endedAt: number;
}

/**
 * Keeps calls below a rate that is known beforehand. Calls are sent evenly, and the service receives no more than the cap in any
 * second, however long each call is on its way: a call counts until a second after its end.
 *
 * Times are milliseconds of one clock, any clock.
 */
export class RateCap {
  /** The least time between two calls. */
  readonly #interval: number;
  /** The most calls in a period: those of a second, or a single one when it may be called less often than that. */
  readonly #callsAPeriod: number;
  readonly #period: number;
  /** The latest calls, as many as a period may have, oldest first. */
  readonly #calls: SentCall[] = [];

  /** @param maxRate calls a second. */
  constructor(maxRate: number) {
    this.#interval = 1000 / maxRate;
    this.#callsAPeriod = Math.ceil(maxRate);
    this.#period = this.#callsAPeriod * this.#interval;
  }

  /** How long the next call has to wait: 0 when it may be sent now, infinity when a call under way has to end first. */
  wait(now: number): number {
    const [first] = this.#calls;
    const last = this.#calls.at(-1);
    if (first === undefined || last === undefined) {
      return 0;
    }
    const spaced = last.sentAt + this.#interval;
    const inPeriod = this.#calls.length < this.#callsAPeriod ? spaced : first.endedAt + this.#period;
    return Math.max(0, spaced - now, inPeriod - now);
  }

  /** A call is sent. */
  sent(now: number): void {
    this.#calls.push({ sentAt: now, endedAt: Number.POSITIVE_INFINITY });
    if (this.#calls.length > this.#callsAPeriod) {
      this.#calls.shift();
    }
  }

  /** The call that was sent at `sentAt` ended, however it did. */
  ended(now: number, sentAt: number): void {
    const call = this.#calls.find((other) => other.sentAt === sentAt);
    if (call !== undefined) {
      call.endedAt = now;
    }
  }
}
