/** The calls under way at once before anything is known of the service. */
const firstWindow = 8;
/** In the first calls, how long to wait for a call's companions before its answer is acted on, as a part of the latency. */
const settlingPart = 1 / 25;

/** Bounds of the first rest, in milliseconds; between them it is one latency. */
const shortestRest = 50;
const longestFirstRest = 100;
/** From this rest on, in milliseconds, rests grow by half instead of doubling. */
const longRest = 200;
/** The longest rest that a service may ask for, in milliseconds. */
const longestRest = 60_000;

/** The part by which one accepted call raises the rate: at first, at least and at most. */
const firstStep = 0.06;
const smallestStep = 0.003;
const largestStep = 0.25;
/** How many steps one throttled call takes back: the rate settles where one call in so many is throttled. */
const stepsBack = 30;
/** The most that the rate is raised in one round trip, and lowered by one throttled call. */
const mostRaised = 1.3;
const mostLowered = 0.3;
/** How many accepted calls a measure of the service's rate needs. */
const measuredCalls = 4;

/** After this long without a call, in milliseconds, what was learned is out of date. */
const forgetAfter = 60_000;

/**
 * Decides when the next call may be sent, from nothing but the times and outcomes of the calls before it.
 *
 * - **Opening**: a window of calls under way, which doubles each round trip for as long as the service keeps up.
 * - **Resting**, once the service throttles: one call at a time, each after a longer rest, until one is accepted. What was
 *   accepted until then, and how long that took, give a first idea of the limit.
 * - **Paced**: calls are spaced at a rate. Each accepted call raises it by a step and each throttled one takes many steps
 *   back, so that it settles where few calls are throttled; what the service accepted between two throttled calls is its
 *   limit and corrects the rate. Steps become smaller as the limit is closed in on, and larger when it is nowhere near.
 *
 * All times are milliseconds of one clock, any clock. docs/pace.md has the reasoning and the figures.
 */
export class Pace {
  readonly #maxConcurrency: number;
  readonly #random: () => number;
  /** When each of the calls under way was sent. */
  readonly #underWay: number[] = [];
  #phase: "opening" | "resting" | "paced" = "opening";
  #notBefore = Number.NEGATIVE_INFINITY;
  #lastEvent = Number.NEGATIVE_INFINITY;
  /** When the pace was last slowed: how a call that was sent before ends tells nothing of the pace since. */
  #slowedAt = Number.NEGATIVE_INFINITY;
  /** When the pace was last raised; it is raised again by a call that was sent since. */
  #raisedAt = Number.NEGATIVE_INFINITY;
  #window: number;

  /** Since when calls are counted, and how many of those sent since were not throttled. */
  #countedFrom: number | undefined;
  #counted = 0;

  #rest = 0;
  #rests = 0;
  #restingSince = 0;

  /** Calls a millisecond. */
  #rate = 0;
  #step = firstStep;
  #acceptedSinceRaise = 0;
  #acceptedSinceStep = 0;

  /**
   * @param maxConcurrency the most calls under way at once.
   * @param random numbers from 0 to 1, which keep several processes from moving in step.
   */
  constructor(maxConcurrency: number, random: () => number = Math.random) {
    this.#maxConcurrency = maxConcurrency;
    this.#random = random;
    this.#window = Math.min(firstWindow, maxConcurrency);
  }

  /** How long the next call has to wait: 0 when it may be sent now, infinity when a call under way has to end first. */
  wait(now: number): number {
    if (this.#underWay.length === 0 && now - this.#lastEvent > forgetAfter) {
      this.#forget();
    }
    const most = this.#phase === "resting" ? 1 : this.#window;
    return this.#underWay.length >= most ? Number.POSITIVE_INFINITY : Math.max(0, this.#notBefore - now);
  }

  /** A call is sent. */
  sent(now: number): void {
    this.#lastEvent = now;
    this.#underWay.push(now);
    this.#countedFrom ??= now;
    this.#counted++;
    if (this.#phase === "paced") {
      // A timer that fires late does not slow the pace: what it missed, up to one call, is made up for.
      this.#notBefore = Math.max(this.#notBefore, now - 1) + 1 / this.#rate;
    }
  }

  /** The service answered the call that was sent at `sentAt`: whatever it said, not that it was called too often. */
  accepted(now: number, sentAt: number): void {
    this.#end(now, sentAt);
    this.#window = Math.min(this.#maxConcurrency, this.#window + 1);
    switch (this.#phase) {
      case "opening":
        this.#settle(now, sentAt);
        break;
      case "resting":
        if (sentAt > this.#slowedAt) {
          this.#startPacing(now, sentAt);
        }
        break;
      case "paced":
        this.#raise(now, sentAt);
        break;
    }
  }

  /**
   * The service refused the call that was sent at `sentAt` because it was called too often.
   *
   * @param retryAfter how long it asked to be left alone.
   */
  throttled(now: number, sentAt: number, retryAfter: number | undefined): void {
    this.#end(now, sentAt);
    this.#counted--;
    this.#holdUntil(now + Math.min(retryAfter ?? 0, longestRest));
    if (sentAt <= this.#slowedAt) {
      return;
    }
    if (this.#phase === "paced") {
      this.#lower(sentAt);
    } else {
      this.#restLonger(now, sentAt);
    }
    this.#slowedAt = now;
    this.#raisedAt = now;
    this.#acceptedSinceRaise = 0;
    this.#acceptedSinceStep = 0;
  }

  /** The call that was sent at `sentAt` got no answer, or one that says that the service is not well. */
  failed(now: number, sentAt: number): void {
    this.#end(now, sentAt);
    if (sentAt > this.#slowedAt) {
      this.#window = Math.max(1, Math.floor(this.#window / 2));
      this.#slowedAt = now;
    }
  }

  /** The call that was sent at `sentAt` was given up by its caller. */
  abandoned(now: number, sentAt: number): void {
    this.#end(now, sentAt);
  }

  #end(now: number, sentAt: number): void {
    this.#lastEvent = now;
    this.#underWay.splice(this.#underWay.indexOf(sentAt), 1);
  }

  #holdUntil(time: number): void {
    this.#notBefore = Math.max(this.#notBefore, time);
  }

  /** Calls sent together are answered together: one of the others may bring the news that the service throttles. */
  #settle(now: number, sentAt: number): void {
    if (sentAt >= this.#raisedAt) {
      this.#raisedAt = now;
      this.#holdUntil(now + (now - sentAt) * settlingPart);
    }
  }

  #restLonger(now: number, sentAt: number): void {
    if (this.#phase === "opening") {
      this.#phase = "resting";
      this.#restingSince = sentAt;
      this.#rest = Math.min(longestFirstRest, Math.max(shortestRest, now - sentAt));
      this.#rests = 1;
    } else {
      this.#rest *= this.#rest < longRest ? 2 : 1.5;
      this.#rests++;
    }
    this.#holdUntil(now + this.#rest * (0.75 + 0.5 * this.#random()));
  }

  #startPacing(now: number, sentAt: number): void {
    // At least one call came free since the service first throttled. What it accepted from the start holds what it had
    // saved up as well, which matters the less the longer it rested.
    const sinceThrottled = 1 / (sentAt - this.#restingSince);
    const sinceStart = this.#counted / Math.max(1, sentAt - (this.#countedFrom ?? sentAt));
    this.#phase = "paced";
    this.#rate = Math.max(sinceThrottled, (sinceStart * this.#rests) / (this.#rests + 3));
    this.#step = firstStep;
    this.#acceptedSinceRaise = 0;
    this.#acceptedSinceStep = 0;
    this.#raisedAt = now;
    this.#notBefore = sentAt + 1 / this.#rate;
    this.#countFrom(sentAt, 0);
  }

  #raise(now: number, sentAt: number): void {
    this.#acceptedSinceRaise++;
    this.#acceptedSinceStep++;
    if (sentAt < this.#raisedAt) {
      return;
    }
    this.#rate *= Math.min(mostRaised, (1 + this.#step) ** this.#acceptedSinceRaise);
    this.#acceptedSinceRaise = 0;
    this.#raisedAt = now;
    // At the limit one call in sqrt(2 / step) would be throttled; when none is for three times as long, it is far off.
    if (this.#acceptedSinceStep > 3 * Math.sqrt(2 / this.#step)) {
      this.#step = Math.min(largestStep, this.#step * 1.5);
      this.#acceptedSinceStep = 0;
    }
  }

  #lower(sentAt: number): void {
    const lowered = this.#rate * (1 - Math.min(mostLowered, stepsBack * this.#step));
    const sentLater = this.#underWay.filter((time) => time > sentAt).length;
    const accepted = this.#counted - sentLater;
    if (accepted < measuredCalls) {
      this.#rate = lowered;
      return;
    }
    // The service had nothing to give when the count began and has nothing now: what it accepted in between is its limit.
    const limit = (accepted + 0.5) / (sentAt - (this.#countedFrom ?? sentAt));
    this.#rate = Math.min(Math.max(lowered, 0.9 * limit), Math.max(0.4 * lowered, 1.1 * limit));
    this.#step = Math.max(smallestStep, this.#step / 6);
    this.#countFrom(sentAt, sentLater);
  }

  #countFrom(time: number, counted: number): void {
    this.#countedFrom = time;
    this.#counted = counted;
  }

  #forget(): void {
    this.#phase = "opening";
    this.#window = Math.min(firstWindow, this.#maxConcurrency);
    this.#notBefore = Number.NEGATIVE_INFINITY;
    this.#raisedAt = Number.NEGATIVE_INFINITY;
    this.#countedFrom = undefined;
    this.#counted = 0;
  }
}
