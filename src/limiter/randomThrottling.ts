/** How many calls at the faster rate are compared with how many at the slower one: as few as tell anything. */
const comparedCalls = 6;
/** The fewest of both together that must be throttled: a rate just above a limit never loses that many. */
const leastThrottled = 4;
/** The rate must have fallen to this fraction of what it was, or it could not show whether that helps. */
const slowedTo = 0.5;
/** Slowing down helped if the throttled fraction fell below this fraction of what it was. */
const stillThrottled = 0.7;
/** When more than this fraction of the calls is throttled, the rate counts again, however many were throttled before. */
const mostTolerated = 0.75;
/** The calls over which the throttled fraction is averaged. */
const averagedCalls = 16;

/**
 * Notices a service that throttles calls whatever their rate: at random, say, or for a limit that is not one of rate. Slowing down
 * for it would never end, as it throttles the same fraction of the calls at any rate.
 */
export class RandomThrottling {
  /** The latest calls that were sent after the rate was last reduced: whether each was throttled. */
  readonly #throttled: boolean[] = [];
  #average = 0;
  /** The fraction of calls that may be throttled before the rate counts again. */
  #tolerated: number | undefined;

  get found(): boolean {
    return this.#tolerated !== undefined;
  }

  /** @param paced whether the call was sent after the rate was last reduced. */
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
   * Whether as large a fraction of the calls is throttled as before the rate was reduced.
   *
   * @param rate the present rate, as a fraction of the first one.
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
