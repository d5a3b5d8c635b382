import { CongestionWindow } from "./congestionWindow.js";
import { FairShare } from "./fairShare.js";
import { RandomThrottling } from "./randomThrottling.js";
import { RateEstimate } from "./rateEstimate.js";
import { RateGrowth } from "./rateGrowth.js";

/** Bounds of the first backoff, in milliseconds; between them it is one latency. */
const shortestFirstBackoff = 50;
const longestFirstBackoff = 100;
/** After this many failed backoffs the limit is likely one of calls in a second, as most are, and the next one lasts that long. */
const backoffsBeforeSecond = 2;
/** The most that this backoff exceeds the second by, as a fraction of it, so that processes do not move in step. */
const secondJitter = 0.1;
/** The failed backoffs after which others have it, when few calls were accepted before and when more were. */
const backoffsAfterFew = 1;
const few = 3;
const mostBackoffs = 3;
/** A measure over fewer calls says little: the share of a limit is found by growing and falling. */
const callsOfMeasure = 8;
/** The longest wait that a service may ask for, in milliseconds. */
const longestRetryAfter = 60_000;

/** The highest first guess of the limit after one backoff, as a multiple of the least that it can be. */
const mostGuess = 3;

/** The congestion window after a backoff, and while the limit is shared; it grows from there. */
const windowAfterBackoff = 2;
/** After this long without a call, in milliseconds, what was learned is out of date. */
const forgetAfter = 60_000;

/**
 * Decides when the next call may be sent, from nothing but the times and outcomes of the calls before it.
 *
 * - **Slow start**: the congestion window doubles or triples each round trip for as long as the service keeps up.
 * - **Backoff**, once the service throttles: one call at a time, each after a longer wait, until one is accepted. What was accepted
 *   until then, and how long that took, give a first estimate of the limit.
 * - **Paced**: calls are spaced evenly at the estimated limit, and the rate grows with each accepted call as in CUBIC: hardly at
 *   first, then faster. The throttled call that this leads to is the next measurement; the surer the estimate, the longer it takes.
 *   Two throttled calls in a row lead back to backoff.
 * - **Sharing**, when the very first call is throttled or backoffs fail: other processes use the limit up. The rate
 *   grows with each accepted call and falls with each throttled one, until a measurement takes in enough calls to pace by.
 *
 * All times are milliseconds of one clock, any clock. docs/pace.md has the reasoning and the figures.
 */
export class RateLimiter {
  readonly #maxConcurrency: number;
  readonly #random: () => number;
  #phase: "slowStart" | "backoff" | "paced" | "sharing" = "slowStart";
  #window: CongestionWindow;
  #estimate = new RateEstimate();
  #randomThrottling = new RandomThrottling();
  #notBefore = Number.NEGATIVE_INFINITY;
  #lastEvent = Number.NEGATIVE_INFINITY;
  #startedAt: number | undefined;
  /** How long in all the service asked callers to wait before anything was known of its limit. */
  #heldFor = 0;

  /** Whether no call was accepted since the last one that was throttled. */
  #drained = false;
  /** When the last call that was throttled was sent. */
  #drainedAt = Number.NEGATIVE_INFINITY;
  /** When the rate was last reduced: a call that was sent before says nothing of the rate since. */
  #slowedAt = Number.NEGATIVE_INFINITY;
  #backoffTime = 0;
  #backoffs = 0;
  /** The rate at which calls are spaced, from the limit as last measured, and what that was guessed to be at first. */
  readonly #growth = new RateGrowth();
  #firstGuess = 0;
  readonly #share = new FairShare();
  /** The most calls that waited at once. */
  #mostWaiting = 0;

  /**
   * @param maxConcurrency the most calls under way at once.
   * @param random numbers from 0 to 1, which keep several processes from moving in step.
   */
  constructor(maxConcurrency: number, random: () => number = Math.random) {
    this.#maxConcurrency = maxConcurrency;
    this.#random = random;
    this.#window = new CongestionWindow(maxConcurrency);
  }

  /**
   * How long the next call has to wait: 0 when it may be sent now, infinity when a call under way has to end first.
   *
   * @param waiting the calls that wait, the next one included. Default: more than can be under way.
   */
  wait(now: number, waiting = Number.POSITIVE_INFINITY): number {
    const { underWay } = this.#window;
    if (underWay === 0 && now - this.#lastEvent > forgetAfter) {
      this.#forget();
    }
    this.#mostWaiting = Math.max(this.#mostWaiting, waiting);
    if (this.#phase === "slowStart") {
      this.#window.spread(waiting);
    }
    if (this.#window.full || (this.#phase === "backoff" && underWay > 0)) {
      return Number.POSITIVE_INFINITY;
    }
    const settledAt = this.#phase === "slowStart" ? this.#window.settledAt : Number.NEGATIVE_INFINITY;
    return Math.max(0, this.#notBefore - now, settledAt - now);
  }

  /** A call is sent. */
  sent(now: number): void {
    this.#lastEvent = now;
    this.#startedAt ??= now;
    this.#window.sent(now);
    this.#estimate.sent();
    if (this.#phase === "paced" || this.#phase === "sharing") {
      const interval = 1 / (this.#phase === "paced" ? this.#growth.rate(now) : this.#share.rate);
      // A timer that fires late does not slow the pace: up to two calls that it missed are made up for.
      this.#notBefore = Math.max(this.#notBefore, now - 2 * interval) + interval;
    }
  }

  /** The service answered the call that was sent at `sentAt`: whatever it said, not that it was called too often. */
  accepted(now: number, sentAt: number): void {
    this.#end(now, sentAt);
    this.#window.accepted(now, sentAt);
    this.#randomThrottling.ended(false, this.#phase === "paced" && sentAt > this.#slowedAt);
    if (sentAt <= this.#drainedAt) {
      return;
    }
    this.#growth.accepted();
    if (this.#phase === "backoff") {
      this.#startPacing(now, sentAt);
    } else if (this.#phase === "sharing" && sentAt > this.#slowedAt) {
      this.#share.accepted(this.#mostWaiting);
      this.#notBefore = Math.min(this.#notBefore, Math.max(now, sentAt + 1 / this.#share.rate));
    }
    if (this.#drained) {
      this.#drained = false;
      this.#estimate.mark(sentAt, this.#window.sentAfter(sentAt));
    }
  }

  /**
   * The service refused the call that was sent at `sentAt` because it was called too often.
   *
   * @param retryAfter how long it asked callers to wait.
   */
  throttled(now: number, sentAt: number, retryAfter: number | undefined): void {
    this.#end(now, sentAt);
    this.#estimate.throttled(sentAt);
    this.#holdOff(now, Math.min(retryAfter ?? 0, longestRetryAfter));
    const news = sentAt > this.#slowedAt;
    const sharing = this.#phase === "sharing";
    this.#randomThrottling.ended(true, news && !sharing && this.#estimate.measures > 0);
    if (this.#randomThrottling.found || (news && !sharing && this.#ignoresRate(now))) {
      return;
    }
    const again = this.#drained && news;
    this.#drained = true;
    this.#drainedAt = Math.max(this.#drainedAt, sentAt);
    if (news) {
      this.#slowedAt = now;
    }
    if (sharing) {
      if (news) {
        this.#reduceShare(now, sentAt);
      }
    } else if (this.#othersHaveLimit(again)) {
      this.#share.begin(this.#mostWaiting, this.#phase === "backoff" ? 1 / this.#backoffTime : undefined);
      this.#firstGuess = this.#share.rate;
      this.#slowedAt = now;
      this.#startSharing(now);
    } else if (this.#phase === "slowStart" || again) {
      this.#backOff(now, sentAt);
    } else if (this.#phase === "paced") {
      this.#measure(now, sentAt);
    }
  }

  /** The call that was sent at `sentAt` got no answer, or one that says that the service is not well. */
  failed(now: number, sentAt: number): void {
    this.#end(now, sentAt);
    this.#window.failed(now, sentAt);
  }

  /** The call that was sent at `sentAt` was cancelled by its caller. */
  abandoned(now: number, sentAt: number): void {
    this.#end(now, sentAt);
  }

  #end(now: number, sentAt: number): void {
    this.#lastEvent = now;
    this.#window.ended(sentAt);
  }

  #holdOff(now: number, time: number): void {
    this.#heldFor += Math.max(0, now + time - Math.max(now, this.#notBefore));
    this.#notBefore = Math.max(this.#notBefore, now + time);
  }

  #backOff(now: number, sentAt: number): void {
    if (this.#phase === "backoff") {
      this.#backoffTime *= 2;
      this.#backoffs++;
    } else {
      this.#phase = "backoff";
      this.#backoffTime = Math.min(longestFirstBackoff, Math.max(shortestFirstBackoff, now - sentAt));
      this.#backoffs = 1;
    }
    const second =
      this.#backoffs > backoffsBeforeSecond && this.#estimate.measures === 0
        ? (this.#startedAt ?? now) + 1_000 * (1 + secondJitter * this.#random())
        : now;
    const until =
      second > now + this.#backoffTime * 0.75
        ? second
        : now + this.#backoffTime * (0.75 + 0.5 * this.#random());
    this.#notBefore = Math.max(this.#notBefore, until);
  }

  /** The calls that the service has answered, throttled ones excepted. */
  get #accepted(): number {
    return this.#estimate.accepted - this.#window.underWay;
  }

  /** Whether calls are throttled that this process alone cannot have caused to be. */
  #othersHaveLimit(again: boolean): boolean {
    switch (this.#phase) {
      case "slowStart":
        return this.#accepted === 0;
      case "backoff":
        return (
          again &&
          this.#estimate.measures === 0 &&
          this.#backoffs >= (this.#accepted < few ? backoffsAfterFew : mostBackoffs)
        );
      default:
        return false;
    }
  }

  #startSharing(now: number): void {
    this.#phase = "sharing";
    this.#window.resize(windowAfterBackoff);
    this.#notBefore = Math.max(this.#notBefore, now + (0.5 + this.#random()) / this.#share.rate);
  }

  #reduceShare(now: number, sentAt: number): void {
    const measure = this.#estimate.measure(sentAt, this.#window.sentAfter(sentAt));
    if (measure !== undefined && measure.calls >= callsOfMeasure) {
      this.#phase = "paced";
      this.#growth.fromMeasure(now, measure.rate, measure.calls);
      this.#firstGuess = measure.rate;
    } else {
      this.#share.throttled(this.#accepted / (now - (this.#startedAt ?? now) + 1));
      this.#startSharing(now);
    }
  }

  #startPacing(now: number, sentAt: number): void {
    if (this.#estimate.measures === 0) {
      // Since the service had nothing left one call came free, so the limit is at least that.
      const least = 1 / (sentAt - this.#drainedAt);
      // What was accepted from the start holds what the service had saved up as well, which matters the less the longer
      // the backoff was; after one short backoff it says little.
      const sinceStart = sentAt - (this.#startedAt ?? sentAt) - this.#heldFor;
      const accepted = this.#estimate.accepted - this.#window.sentAfter(sentAt);
      const fromStart = accepted / Math.max(1, sinceStart);
      const likely = (fromStart * this.#backoffs) / (this.#backoffs + 1);
      const most = this.#backoffs === 1 && this.#heldFor === 0 ? least * mostGuess : Number.POSITIVE_INFINITY;
      this.#firstGuess = Math.min(most, Math.max(least, likely));
      this.#growth.fromGuess(now, this.#firstGuess, this.#backoffs);
    } else {
      this.#measure(now, sentAt);
    }
    this.#phase = "paced";
    this.#window.resize(windowAfterBackoff);
    this.#notBefore = Math.max(this.#notBefore, sentAt + 1 / this.#growth.from);
  }

  /** Whether the service throttles at any rate. Then calls go on at the first rate, and that grows. */
  #ignoresRate(now: number): boolean {
    if (!this.#randomThrottling.isRateIndependent(this.#growth.from / this.#firstGuess)) {
      return false;
    }
    this.#phase = "paced";
    this.#drained = false;
    this.#window.resize(this.#maxConcurrency);
    this.#growth.fromUnlimited(now, this.#firstGuess);
    return true;
  }

  /** Measures the limit, as the service has nothing left at `sentAt`; without a measure it is at least the rate so far. */
  #measure(now: number, sentAt: number): void {
    const measure = this.#estimate.measure(sentAt, this.#window.sentAfter(sentAt));
    if (measure === undefined) {
      this.#growth.fromGuess(now, this.#growth.rate(now), this.#backoffs);
    } else {
      this.#growth.fromMeasure(now, measure.rate, measure.calls);
    }
  }

  #forget(): void {
    this.#phase = "slowStart";
    this.#window = new CongestionWindow(this.#maxConcurrency);
    this.#estimate = new RateEstimate();
    this.#randomThrottling = new RandomThrottling();
    this.#startedAt = undefined;
    this.#heldFor = 0;
    this.#drained = false;
    this.#mostWaiting = 0;
  }
}
