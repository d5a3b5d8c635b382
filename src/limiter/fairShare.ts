/** The time in which a process that shares a limit intends to get through its calls, in milliseconds; it begins at that rate. */
const intendedTime = 8_000;
/** Bounds of the first interval between its calls, in milliseconds. */
const shortestFirstInterval = 50;
const longestFirstInterval = 1_000;
/** The longest interval, in milliseconds, so that a limit with room again is noticed within that time. */
const longestInterval = 5_000;
/** What the rate falls to with a throttled call. */
const decrease = 0.8;

/**
 * The rate of a process that is one of several under one limit: additive increase and multiplicative decrease, as in TCP, which makes
 * shares equal. The increase grows with the cube of the calls accepted in a row, as in CUBIC, to take up what others leave.
 *
 * Rates are calls a millisecond.
 */
export class FairShare {
  #most = 1;
  #rate = 0;
  #inARow = 0;

  get rate(): number {
    return this.#rate;
  }

  /** @param most the most calls that waited at once, which bounds the rate that it begins with. */
  begin(most: number, atMost = Number.POSITIVE_INFINITY): void {
    this.#most = most;
    this.#rate = Math.min(this.#unit, atMost);
    this.#inARow = 0;
  }

  /** @param most the most calls that waited at once so far. */
  accepted(most: number): void {
    this.#most = most;
    this.#inARow++;
    this.#rate += this.#unit * (0.1 + 0.02 * this.#inARow ** 3);
  }

  /** @param achieved the rate of accepted calls since the first one, which the service has shown that it allows. */
  throttled(achieved: number): void {
    this.#inARow = 0;
    this.#rate = Math.max(1 / longestInterval, achieved, this.#rate * decrease);
  }

  /** The rate that it begins with, and grows in units of. */
  get #unit(): number {
    return Math.min(1 / shortestFirstInterval, Math.max(1 / longestFirstInterval, this.#most / intendedTime));
  }
}
