/** The maximum number of measurements kept. Older ones are dropped, because the service may change its limit. */
const mostMarks = 8;

/** A measured limit. */
export interface Measure {
  readonly rate: number;
  /** The number of calls accepted during the longest measurement, exact to one call. */
  readonly calls: number;
}

interface Mark {
  readonly time: number;
  /** The number of calls that the service had accepted until then. */
  accepted: number;
}

/**
 * Measures the service's limit between moments at which its quota is used up: when it throttles a call.
 *
 * The first call accepted afterwards sets a mark. At the next throttled call the quota is used up again, so the calls accepted
 * since the mark equal the quota released in that time, whatever burst the service allows. The count is exact to one call. The
 * longest measurement is therefore the most precise, and newer, shorter measurements bound it.
 *
 * Rates are in calls per millisecond.
 */
export class RateEstimate {
  readonly #marks: Mark[] = [];
  /** The number of calls sent and not throttled. */
  #accepted = 0;

  /** The number of measurements on which the limit is based. */
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

  /** @param sentLater the number of calls in flight that were sent after `time`. */
  mark(time: number, sentLater: number): void {
    this.#marks.push({ time, accepted: this.#accepted - sentLater });
    if (this.#marks.length > mostMarks) {
      this.#marks.shift();
    }
  }

  /**
   * Returns the limit, given that the quota is used up at `time`.
   *
   * @param sentLater the number of calls in flight that were sent after `time`.
   * @returns `undefined` when there is no earlier mark.
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
