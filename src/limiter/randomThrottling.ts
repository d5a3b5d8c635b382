/** The number of calls compared at each of the two rates. Fewer would prove nothing. */
const comparedCalls = 8;
/** The minimum number of throttled calls among the compared calls. A rate just above a limit never causes as many. */
const leastThrottled = 5;
/** The rate must have fallen to this fraction to show whether slowing down helps. */
const slowedTo = 0.5;
/** Slowing down helped if the throttled fraction fell below this fraction of its earlier value. */
const stillThrottled = 0.7;
/** Above this throttled fraction, the rate matters again, however many calls were throttled before. */
const mostTolerated = 0.6;
/** The number of calls over which the throttled fraction is averaged. */
const averagedCalls = 16;

/**
 * Detects a service whose throttling doesn't depend on the rate: random throttling, or a limit on something else. Slowing down
 * would never end, because the service throttles the same fraction of calls at any rate.
 */
export class RandomThrottling {
  /** Whether each of the latest calls after the last rate reduction was throttled. */
  readonly #throttled: boolean[] = [];
  #average = 0;
  /** The tolerated fraction of throttled calls, above which the rate matters again. */
  #tolerated: number | undefined;

  get found(): boolean {
    return this.#tolerated !== undefined;
  }

  /** @param paced whether the call was sent after the last rate reduction. */
  ended(throttled: boolean, paced: boolean): void {
    this.#average += (Number(throttled) - this.#average) / averagedCalls;
    if (this.#tolerated !== undefined) {
      if (this.#average > this.#tolerated) {
        this.#tolerated = undefined;
      }
    } else if (paced) {
      this.#throttled.push(throttled);
      if (this.#throttled.length > 2 * comparedCalls) {
        this.#throttled.shift();
      }
    }
  }

  /**
   * Returns whether the throttled fraction is as large as before the rate was reduced.
   *
   * @param rate the current rate, as a fraction of the first rate.
   */
  isRateIndependent(rate: number): boolean {
    if (this.#throttled.length < 2 * comparedCalls || rate > slowedTo) {
      return false;
    }
    const before = count(this.#throttled.slice(0, comparedCalls));
    const after = count(this.#throttled.slice(comparedCalls));
    if (before + after < leastThrottled || after < stillThrottled * before) {
      return false;
    }
    this.#average = (before + after) / (2 * comparedCalls);
    this.#tolerated = Math.min(mostTolerated, 1.5 * this.#average + 0.1);
    this.#throttled.length = 0;
    return true;
  }
}

function count(throttled: readonly boolean[]): number {
  return throttled.filter(Boolean).length;
}
