/** The time in which a process that shares a limit plans to send its calls, in milliseconds. */
const plannedTime = 10_000;
/** The minimum time for which the remaining calls are planned, in milliseconds, even after the planned time. */
const leastTime = 1_000;
/** The bounds of the planned interval between calls, in milliseconds. */
const shortestInterval = 50;
const longestInterval = 1_000;
/** The maximum interval, in milliseconds, even if every call is throttled. Free capacity is noticed within this time. */
const longestThrottledInterval = 5_000;
/** The n-th accepted call in a row increases the rate by n times this fraction, and at most doubles it. */
const increase = 0.075;
/** The factor by which a throttled call reduces the rate. */
const decrease = 0.8;

/**
 * The rate of a process that shares a limit with others. Every process plans to send its remaining calls within the
 * same period, so processes that start together finish together. Accepted and throttled calls adapt the plan to the number of
 * processes.
 *
 * Rates are in calls per millisecond.
 */
export class FairShare {
  #plannedAt = 0;
  /** The rate, as a multiple of the planned rate. */
  #factor = 1;
  #acceptedInARow = 0;

  /** Plans the calls from this time on. */
  plan(now: number): void {
    this.#plannedAt = now;
  }

  /** @param remaining the number of calls without a response. */
  rate(now: number, remaining: number): number {
    const time = Math.max(leastTime, this.#plannedAt + plannedTime - now);
    const planned = Math.min(1 / shortestInterval, Math.max(1 / longestInterval, remaining / time));
    return Math.max(1 / longestThrottledInterval, this.#factor * planned);
  }

  accepted(): void {
    this.#acceptedInARow++;
    this.#factor *= 1 + Math.min(1, increase * this.#acceptedInARow);
  }

  throttled(): void {
    this.#acceptedInARow = 0;
    this.#factor *= decrease;
  }
}
