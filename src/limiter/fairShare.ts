/** The time in which a process that shares a limit aims to finish its calls, in milliseconds. It sets the initial rate. */
const intendedTime = 8_000;
/** The minimum initial interval between calls, in milliseconds. */
const shortestFirstInterval = 50;
const longestFirstInterval = 1_000;
/** The maximum interval, in milliseconds. Free capacity is noticed within this time. */
const longestInterval = 5_000;
/** The factor by which a throttled call reduces the rate. */
const decrease = 0.8;

/**
 * The rate of a process that shares a limit with others. Additive increase and multiplicative decrease make the shares equal, as
 * in TCP. The increase grows with the cube of the calls accepted in a row, as in CUBIC, to use capacity that others leave.
 *
 * Rates are in calls per millisecond.
 */
export class FairShare {
  #most = 1;
  #rate = 0;
  #inARow = 0;

  get rate(): number {
    return this.#rate;
  }

  /** @param most the maximum number of calls waiting at once, which bounds the initial rate. */
  begin(most: number, atMost = Number.POSITIVE_INFINITY): void {
    this.#most = most;
    this.#rate = Math.min(this.#unit, atMost);
    this.#inARow = 0;
  }

  /** @param most the maximum number of calls waiting at once so far. */
  accepted(most: number): void {
    this.#most = most;
    this.#inARow++;
    this.#rate += this.#unit * (0.1 + 0.02 * this.#inARow ** 3);
  }

  /** @param achieved the rate of accepted calls since the first one, which the service is known to allow. */
  throttled(achieved: number): void {
    this.#inARow = 0;
    this.#rate = Math.max(1 / longestInterval, achieved, this.#rate * decrease);
  }

  /** The initial rate, which is also the unit of growth. */
  get #unit(): number {
    return Math.min(1 / shortestFirstInterval, Math.max(1 / longestFirstInterval, this.#most / intendedTime));
  }
}
