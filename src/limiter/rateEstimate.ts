/** How many measures are kept: a service's limit may change, and the newest say what it is now. */
const mostMarks = 8;

/** A limit as it was measured. */
export interface Measure {
  readonly rate: number;
  /** The calls accepted over the longest measure, which is off by one of them. */
  readonly calls: number;
}

interface Mark {
  readonly time: number;
  /** The calls that the service had accepted until then. */
  accepted: number;
}

/**
 * Measures the limit of a service from the moments at which it had nothing left to give: when it throttled a call.
 *
 * The first call that is accepted afterwards makes a mark. At the next throttled call the service again has nothing left,
 * so what it accepted since the mark is what came free in that time, however much it lets a client save up. That count is
 * off by at most one call, so the longest measure is the most exact, and every shorter one, being newer, bounds it.
 *
 * Rates are calls a millisecond.
 */
export class RateEstimate {
  readonly #marks: Mark[] = [];
  /** The calls sent and not throttled. */
  #accepted = 0;

  /** How many measures the limit backoffs on. */
  get measures(): number {
    return this.#marks.length;
  }

  get accepted(): number {
    return this.#accepted;
  }

  sent(): void {
    this.#accepted++;
  }

  throttled(sentAt: number): void {
    this.#accepted--;
    for (const mark of this.#marks) {
      if (mark.time >= sentAt) {
        mark.accepted--;
      }
    }
  }

  /** @param sentLater the calls under way that were sent after `time`. */
  mark(time: number, sentLater: number): void {
    this.#marks.push({ time, accepted: this.#accepted - sentLater });
    if (this.#marks.length > mostMarks) {
      this.#marks.shift();
    }
  }

  /**
   * The limit, given that the service has nothing left at `time`.
   *
   * @param sentLater the calls under way that were sent after `time`.
   * @returns undefined when there is no mark before that.
   */
  measure(time: number, sentLater: number): Measure | undefined {
    let limit: number | undefined;
    let calls = 0;
    for (const mark of this.#marks) {
      const elapsed = time - mark.time;
      if (elapsed > 0) {
        const accepted = Math.max(0, this.#accepted - sentLater - mark.accepted);
        if (limit === undefined) {
          limit = Math.max(accepted, 0.5) / elapsed;
          calls = accepted;
        }
        limit = Math.min(Math.max(limit, (accepted - 1) / elapsed), (accepted + 1) / elapsed);
      }
    }
    return limit === undefined ? undefined : { rate: limit, calls };
  }
}
