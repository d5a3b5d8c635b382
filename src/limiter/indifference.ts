/** How many calls at the faster pace are compared with how many at the slower one: as few as tell anything. */
const comparedCalls = 6;
/** So many of both together must be throttled: a pace just above a limit never loses that many. */
const leastThrottled = 4;
/** The pace must have fallen to this part of what it was, or it could not show whether that helps. */
const slowedTo = 0.5;
/** Slowing down helped if the part of the calls that is throttled fell below this part of what it was. */
const stillThrottled = 0.7;
/** However many calls are throttled at any pace, when more than this part of them is, the pace counts again. */
const mostTolerated = 0.75;
/** The calls over which the part that is throttled is averaged. */
const averagedCalls = 16;

/**
 * Notices a service that throttles calls whatever their rate: at random, say, or for a limit that is not one of rate.
 * Slowing down for it would never end, as it throttles the same part of the calls at any pace.
 */
export class Indifference {
  /** The latest calls that were sent after the pace was last slowed: whether each was throttled. */
  readonly #throttled: boolean[] = [];
  #average = 0;
  /** The part of the calls that may be throttled before the pace counts again. */
  #tolerated: number | undefined;

  get found(): boolean {
    return this.#tolerated !== undefined;
  }

  /** @param paced whether the call was sent after the pace was last slowed. */
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
   * Whether as large a part of the calls is throttled as before the pace was slowed.
   *
   * @param pace what the pace is now, as a part of what it was at first.
   */
  look(pace: number): boolean {
    if (this.#throttled.length < 2 * comparedCalls || pace > slowedTo) {
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
