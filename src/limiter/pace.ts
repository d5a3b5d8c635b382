/** The minimum fill rate while it isn't known precisely: 1.5 calls per second. Processes that share a limit don't starve. */
const minFillRate = 1.5 / 1000;
/** The calls for which the quota is guessed to fill while one call is accepted. */
const guessedCalls = 3;
/** The time window, in accepted calls: the fill rate grows by half in it. A precise measurement has a long one. */
const scaleConstant = 16;
const longestTimeWindow = 200;
/** The minimum factor by which a throttled call reduces a fill rate at which this many calls were accepted. */
const beta = 0.9;
const callsForBeta = 16;
/** The maximum time in which the fill rate grows by half, in milliseconds. */
const slowestGrowth = 12_000;
/** The number of measurements kept. Older ones are dropped, because the service may change its limit. */
const mostMarks = 8;

interface Mark {
  readonly time: number;
  /** The number of calls accepted until then. */
  readonly accepted: number;
}

/**
 * The pace of calls: the fill rate of the service's quota as last measured, and grown since.
 *
 * A throttled call shows that the quota is used up. The first call accepted afterwards sets a mark. When a call is throttled
 * again, the calls accepted since the mark equal the quota filled in that time, to within one call, whatever burst the service
 * allows. The oldest mark measures most precisely, and the newer ones bound its result.
 *
 * The fill rate grows with the cube of the number of accepted calls, as in CUBIC: slowly at first, then faster. Far above the
 * measured rate it grows linearly, because calls sent too fast are wasted.
 *
 * Rates are in calls per millisecond.
 */
export class Pace {
  readonly #marks: Mark[] = [];
  #accepted = 0;
  #usedUpAt: number | undefined;
  /** The fill rate as last guessed or measured. */
  #rate = Number.POSITIVE_INFINITY;
  #rateFrom: Mark = { time: 0, accepted: 0 };
  /** Absent until the first measurement. */
  #timeWindow: number | undefined;

  get accepted(): number {
    return this.#accepted;
  }

  get isMeasured(): boolean {
    return this.#timeWindow !== undefined;
  }

  /** Whether no call has been accepted since the quota was used up. */
  get isUsedUp(): boolean {
    return this.#usedUpAt !== undefined;
  }

  /** Returns infinity if the quota was never used up. */
  fillRate(now: number): number {
    const calls = this.#accepted - this.#rateFrom.accepted;
    if (this.#timeWindow === undefined) {
      return this.#rate * 2 ** Math.min(calls, 20);
    }
    const growth = calls / this.#timeWindow;
    const slow = ((now - this.#rateFrom.time) / slowestGrowth) ** 3;
    const rate = this.#rate * (1 + Math.min(growth ** 3, growth / 2 + 0.1) + slow);
    return this.#timeWindow < longestTimeWindow ? Math.max(minFillRate, rate) : rate;
  }

  /** @param isLater whether the call was sent after the last response that throttled one. */
  callAccepted(now: number, isLater: boolean): void {
    this.#accepted++;
    if (this.#usedUpAt === undefined || !isLater) {
      return;
    }
    const mark = { time: now, accepted: this.#accepted };
    if (this.#marks.length === 0) {
      this.#rate = Math.max(minFillRate, guessedCalls / (now - this.#usedUpAt));
      this.#rateFrom = mark;
    }
    this.#marks.push(mark);
    this.#marks.splice(0, this.#marks.length - mostMarks);
    this.#usedUpAt = undefined;
  }

  /** Records that the quota is used up, and measures the fill rate if there is a mark. */
  usedUp(now: number): void {
    this.#usedUpAt ??= now;
    const [oldest] = this.#marks;
    if (oldest === undefined) {
      return;
    }
    const calls = this.#accepted - oldest.accepted;
    let rate = Math.max(calls, 0.5) / Math.max(1, now - oldest.time);
    for (const mark of this.#marks) {
      const accepted = this.#accepted - mark.accepted;
      const elapsed = Math.max(1, now - mark.time);
      rate = Math.min(Math.max(rate, (accepted - 1) / elapsed), (accepted + 1) / elapsed);
    }
    // Without a burst, quota that filled between two calls was lost, and the measured rate is too low.
    const isProven = this.#accepted - this.#rateFrom.accepted >= callsForBeta && this.isMeasured;
    this.#rate = isProven ? Math.max(rate, beta * this.fillRate(now)) : rate;
    this.#rateFrom = { time: now, accepted: this.#accepted };
    this.#timeWindow = Math.min(longestTimeWindow, scaleConstant * Math.max(1, calls) ** (4 / 3));
  }
}
