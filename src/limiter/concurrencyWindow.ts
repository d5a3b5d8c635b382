/** The initial window, before anything is known about the service. */
const initialSize = 4;
/** The number of calls that may be throttled before the quota counts as used up. Every fifth accepted call earns one more. */
const mostCredit = 4;
const creditPerCall = 1 / 5;
/** How long a round waits for each further response, as a fraction of the latency. */
const settling = 1 / 2;

/**
 * The concurrency window: the number of calls in flight, and its limit. It grows by one with each accepted call of a full window,
 * so it doubles each round trip, as in TCP's slow start. It halves with each throttled call.
 *
 * Calls throttled at random keep the window at a size at which growing and halving balance. A limit throttles many calls in a
 * row, which uses up the credit.
 *
 * A round is the calls that are sent until none is in flight.
 */
export class ConcurrencyWindow {
  readonly #largestSize: number;
  #size: number;
  #credit = mostCredit;
  #inFlight = 0;
  #acceptedInRound = 0;
  #wasFullInRound = false;
  #settledAt = Number.NEGATIVE_INFINITY;

  constructor(largestSize: number) {
    this.#largestSize = largestSize;
    this.#size = Math.min(initialSize, largestSize);
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  get full(): boolean {
    return this.#inFlight >= Math.max(1, Math.floor(this.#size));
  }

  /**
   * The time until which calls wait for other responses of the round, because any of them may be throttled. A window of the
   * largest size doesn't grow, so its calls don't wait.
   */
  get settledAt(): number {
    return this.#settledAt;
  }

  /** Whether so many calls were throttled that the service's quota must be used up. */
  get isUsedUp(): boolean {
    return this.#credit < 0 || (this.#inFlight === 0 && this.#acceptedInRound === 0);
  }

  sent(): void {
    if (this.#inFlight === 0) {
      this.#acceptedInRound = 0;
      this.#wasFullInRound = false;
    }
    this.#inFlight++;
    this.#wasFullInRound ||= this.full;
  }

  /** Records that a call ended. Call this before recording its outcome. */
  ended(now: number, sentAt: number): void {
    this.#inFlight--;
    const isSettled = this.#inFlight === 0 || this.#size === this.#largestSize;
    this.#settledAt = isSettled ? now : now + settling * (now - sentAt);
  }

  accepted(): void {
    this.#acceptedInRound++;
    this.#credit = Math.min(this.#credit + creditPerCall, mostCredit);
    if (this.#wasFullInRound) {
      this.#size = Math.min(this.#size + 1, this.#largestSize);
    }
  }

  throttled(): void {
    this.#credit--;
    this.#size /= 2;
  }

  /** Halves the window, but not below its initial size: a failing service still gets a few calls at once. */
  failed(): void {
    this.#size = Math.max(this.#size / 2, Math.min(this.#size, initialSize));
  }

  /** Starts again, more carefully than at first. */
  restart(): void {
    this.#credit = mostCredit / 2;
    this.#size = Math.min(initialSize / 2, this.#largestSize);
  }
}
