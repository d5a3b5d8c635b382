/**
 * The minimum number of accepted calls in which a measured rate grows by half. A rate measured over fewer calls grows sooner.
 */
const fewestCalls = 8;
const mostCalls = 96;
/** The number of accepted calls in which a guessed rate grows by half, for each backoff before the guess. */
const callsForBackoff = 5;
/** The number of accepted calls in which the rate grows by half when throttling doesn't depend on the rate. */
const callsWhenUnlimited = 24;
/** The number of calls that a service may accept faster than its limit between two throttled calls, without any burst left. */
const surplusAtLimit = 2;
/** The weight of the rate at which calls were throttled, when far more calls were accepted above the measured limit. */
const weightOfRateReached = 0.7;
/** The maximum time in which the rate grows by half, in milliseconds, even with few calls. */
const slowest = 5_000;

/**
 * A call rate that grows from the estimated limit until the service throttles again, as CUBIC does in TCP: slowly at first, then
 * faster. Above 1.5 times the start it grows linearly, because calls sent too fast are wasted.
 *
 * Rates are in calls per millisecond, times in milliseconds.
 */
export class RateGrowth {
  #from = 0;
  #since = 0;
  #calls = callsForBackoff;
  #accepted = 0;
  /** The number of calls that were accepted since the start in excess of the starting rate. */
  #surplus = 0;

  /** The starting rate. */
  get from(): number {
    return this.#from;
  }

  /** Starts from a rate measured over this many calls, which is exact to one call. */
  fromMeasure(now: number, rate: number, calls: number): void {
    this.#start(now, rate, Math.min(mostCalls, Math.max(fewestCalls, 4 * calls ** (4 / 3))));
  }

  /** Starts from a rate guessed after this many backoffs. */
  fromGuess(now: number, rate: number, backoffs: number): void {
    this.#start(now, rate, Math.min(mostCalls, callsForBackoff * backoffs));
  }

  /** Starts from a rate at which throttling doesn't depend on the rate. */
  fromUnlimited(now: number, rate: number): void {
    this.#start(now, rate, callsWhenUnlimited);
  }

  accepted(now: number): void {
    this.#accepted++;
    this.#surplus += 1 - this.#from / this.rate(now);
  }

  /**
   * Corrects the measured limit when a call sent at `now` was throttled. If many calls were accepted above the measured limit,
   * it's too low: the service allows no burst, so quota that was released between two calls was lost.
   */
  limit(now: number, measured: number): number {
    const weight = weightOfRateReached * Math.max(0, 1 - surplusAtLimit / this.#surplus);
    return measured + weight * Math.max(0, this.rate(now) - measured);
  }

  rate(now: number): number {
    const calls = this.#accepted / this.#calls;
    const time = (now - this.#since) / slowest;
    return this.#from * (1 + Math.min(calls ** 3, calls / 2 + 0.1) + time ** 3);
  }

  #start(now: number, rate: number, calls: number): void {
    this.#from = rate;
    this.#since = now;
    this.#calls = calls;
    this.#accepted = 0;
    this.#surplus = 0;
  }
}
