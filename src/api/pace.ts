/** How fast calls may be sent. */
export interface PaceLimits {
  /** The most calls under way at once. */
  readonly maxConcurrency: number;
}

/** The calls under way before anything is known of the service. */
const firstWindow = 8;
/** Bounds of the first rest after the service throttled, in milliseconds; within them it is one latency. */
const shortestRest = 50;
const longestFirstRest = 100;
/** By how much an accepted call raises the rate: at first, at least and at most. */
const P = JSON.parse(process.env["P"] ?? "{}") as Record<string, number>;
const firstStep = P["s"] ?? 0.1;
const smallestStep = 0.003;
const largestStep = 0.25;
/** After this long without a call, in milliseconds, what was learned is out of date. */
const forgetAfter = 60_000;
/** The longest rest that a service may ask for, in milliseconds. */
const longestRest = 60_000;

/**
 * Decides when the next call may be sent, from nothing but the times and outcomes of the calls before it.
 *
 * It starts with a window of calls under way that doubles for as long as the service keeps up. Once the service throttles,
 * it rests, twice as long each time, until one call is accepted: the time that this took gives a first idea of the limit.
 * From then on calls are spaced at a rate that each accepted call raises by a step and each throttling lowers by a few, the
 * steps becoming smaller as the limit is closed in on, and larger again when it is nowhere to be found.
 *
 * All times are milliseconds of one clock, any clock.
 */
export class Pace {
  readonly #maxConcurrency: number;
  readonly #random: () => number;
  #window: number;
  /** When each of the calls under way was sent. */
  readonly #underWay: number[] = [];
  /** Calls a millisecond; infinite until the service throttles. */
  #rate = Number.POSITIVE_INFINITY;
  #step = firstStep;
  /** The rest before the next probe while it is unknown what the service takes; else undefined. */
  #rest: number | undefined;
  #throttledAt = 0;
  #notBefore = Number.NEGATIVE_INFINITY;
  #lastEvent = Number.NEGATIVE_INFINITY;
  /** When the pace was last slowed; how a call that was sent earlier ends tells nothing of the pace since. */
  #slowedAt = Number.NEGATIVE_INFINITY;
  #acceptedInARow = 0;
  /** Since when, and how many calls were accepted of those sent since. */
  #measuredFrom: number | undefined;
  #sentSince = 0;
  #rests = 0;
  #raisedAt = 0;
  #ackedSinceRaise = 0;
  #roundFrom = Number.NEGATIVE_INFINITY;

  /** @param random numbers from 0 to 1, which keep several processes from moving in step. */
  constructor({ maxConcurrency }: PaceLimits, random: () => number = Math.random) {
    this.#maxConcurrency = maxConcurrency;
    this.#random = random;
    this.#window = Math.min(firstWindow, maxConcurrency);
  }

  /**
   * How long the next call has to wait: 0 when it may be sent now, infinity when a call under way has to end first.
   */
  wait(now: number): number {
    if (this.#underWay.length === 0 && now - this.#lastEvent > forgetAfter) {
      this.#forget();
    }
    if (this.#underWay.length >= (this.#rest === undefined ? this.#window : 1)) {
      return Number.POSITIVE_INFINITY;
    }
    return Math.max(0, this.#notBefore - now);
  }

  /** A call was sent. */
  sent(now: number): void {
    this.#lastEvent = now;
    this.#underWay.push(now);
    this.#measuredFrom ??= now;
    this.#sentSince++;
    if (this.#rate < Number.POSITIVE_INFINITY) {
      this.#notBefore = Math.max(this.#notBefore, now - 1) + 1 / this.#rate;
    }
  }

  /** The service answered a call that was sent at `sentAt`, whatever it said, unless that it was called too often. */
  accepted(now: number, sentAt: number): void {
    this.#end(now, sentAt);
    this.#window = Math.min(this.#maxConcurrency, this.#window + 1);
    if (this.#rest !== undefined) {
      if (sentAt > this.#slowedAt) {
        this.#rest = undefined;
        const prior = this.#sentSince / (sentAt - (this.#measuredFrom ?? 0));
        this.#rate = Math.max(
          1 / (sentAt - this.#throttledAt),
          (prior * this.#rests) / (this.#rests + (P["k"] ?? 2)),
        );
        this.#measuredFrom = sentAt;
        this.#sentSince = 0;
        this.#notBefore = sentAt + 1 / this.#rate;
        this.#step = firstStep;
        this.#acceptedInARow = 0;
      }
      return;
    }
    if (this.#rate === Number.POSITIVE_INFINITY) {
      if (sentAt >= this.#roundFrom) {
        this.#roundFrom = now;
        this.#notBefore = now + (now - sentAt) / 12;
      }
      return;
    }
    this.#acceptedInARow++;
    this.#ackedSinceRaise++;
    if (sentAt >= this.#raisedAt) {
      this.#rate *= Math.min(1.3, (1 + this.#step) ** this.#ackedSinceRaise);
      this.#ackedSinceRaise = 0;
      this.#raisedAt = now;
    }
    if (this.#acceptedInARow > 3 * Math.sqrt(2 / this.#step)) {
      this.#step = Math.min(largestStep, this.#step * 1.5);
      this.#acceptedInARow = 0;
    }
  }

  /** The service refused a call because it was called too often. */
  throttled(now: number, sentAt: number, retryAfter: number | undefined): void {
    this.#end(now, sentAt);
    this.#sentSince--;
    if (retryAfter !== undefined) {
      this.#notBefore = Math.max(this.#notBefore, now + Math.min(retryAfter, longestRest));
    }
    if (sentAt <= this.#slowedAt) {
      return;
    }
    if (this.#rest !== undefined) {
      this.#rest *= this.#rest < 200 ? 2 : 1.5;
      this.#rests++;
      this.#restFrom(now);
    } else if (this.#rate === Number.POSITIVE_INFINITY) {
      this.#throttledAt = sentAt;
      this.#rests = 1;
      this.#rest = Math.min(longestFirstRest, Math.max(shortestRest, now - sentAt));
      this.#restFrom(now);
    } else {
      const n = this.#sentSince - this.#underWay.filter((time) => time > sentAt).length;
      const measured = (n + 0.5) / (sentAt - (this.#measuredFrom ?? 0));
      const lowered = this.#rate * (1 - Math.min(0.3, 30 * this.#step));
      this.#rate =
        n >= 5
          ? Math.min(Math.max(lowered, 0.9 * measured), Math.max((P["g"] ?? 0.4) * lowered, 1.1 * measured))
          : lowered;
      this.#step = n >= 5 ? Math.max(smallestStep, this.#step / 4) : this.#step;
      if (n >= 5) {
        this.#measuredFrom = sentAt;
        this.#sentSince -= n;
      }
    }
    this.#acceptedInARow = 0;
    this.#ackedSinceRaise = 0;
    this.#raisedAt = now;
    this.#slowedAt = now;
  }

  /** A call ended without an answer of the service, or with a failure of its own. */
  failed(now: number, sentAt: number): void {
    this.#end(now, sentAt);
    if (sentAt > this.#slowedAt) {
      this.#window = Math.max(1, Math.floor(this.#window / 2));
      this.#slowedAt = now;
    }
  }

  debug() {
    return {
      rate: (this.#rate * 1000).toFixed(1),
      step: this.#step.toFixed(4),
      rest: this.#rest,
      w: this.#window,
      row: this.#acceptedInARow,
    };
  }
  #restFrom(now: number): void {
    this.#notBefore = Math.max(this.#notBefore, now + (this.#rest ?? 0) * (0.75 + 0.5 * this.#random()));
  }

  #end(now: number, sentAt: number): void {
    this.#lastEvent = now;
    this.#underWay.splice(this.#underWay.indexOf(sentAt), 1);
  }

  #forget(): void {
    this.#window = Math.min(firstWindow, this.#maxConcurrency);
    this.#rate = Number.POSITIVE_INFINITY;
    this.#rest = undefined;
    this.#notBefore = Number.NEGATIVE_INFINITY;
  }
}
