/** The accepted calls in which a rate that was measured grows by half: the fewer it was measured with, the fewer. */
const fewestCalls = 8;
const mostCalls = 96;
/** The accepted calls in which a rate that is only a guess grows by half, for each backoff that it took to get it. */
const callsForBackoff = 5;
/** The accepted calls in which it grows by half when the service throttles at any rate. */
const callsWhenUnlimited = 24;
/** The time in which it grows by half at the latest, in milliseconds, however few calls there are to tell by. */
const slowest = 5_000;

/**
 * A rate of calls that grows from what is known of the limit until the service throttles again: as CUBIC does in TCP, hardly at
 * first, then faster. From half as much again on it grows evenly, as what is sent too fast is wasted.
 *
 * Rates are calls a millisecond, times milliseconds.
 */
export class RateGrowth {
  #from = 0;
  #since = 0;
  #calls = callsForBackoff;
  #accepted = 0;

  /** The rate from which it grows. */
  get from(): number {
    return this.#from;
  }

  /** Starts from a rate that was measured over this many calls, and so is off by one of them. */
  fromMeasure(now: number, rate: number, calls: number): void {
    this.#start(now, rate, Math.min(mostCalls, Math.max(fewestCalls, 4 * calls ** (4 / 3))));
  }

  /** Starts from a rate that is a guess after this many backoffs. */
  fromGuess(now: number, rate: number, backoffs: number): void {
    this.#start(now, rate, Math.min(mostCalls, callsForBackoff * backoffs));
  }

  /** Starts from a rate that does not matter to the service. */
  fromUnlimited(now: number, rate: number): void {
    this.#start(now, rate, callsWhenUnlimited);
  }

  accepted(): void {
    this.#accepted++;
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
  }
}
