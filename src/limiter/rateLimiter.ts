import { CongestionWindow } from "./congestionWindow.js";
import { FairShare } from "./fairShare.js";
import { RandomThrottling } from "./randomThrottling.js";
import { RateEstimate } from "./rateEstimate.js";
import { RateGrowth } from "./rateGrowth.js";

/** The minimum first backoff, in milliseconds. The first backoff is one latency, within bounds. */
const shortestFirstBackoff = 50;
const longestFirstBackoff = 100;
/** Most limits are per second, so after this many failed backoffs the next one lasts a second. */
const backoffsBeforeSecond = 2;
/** The maximum jitter of this backoff, as a fraction of a second. It keeps processes out of step. */
const secondJitter = 0.1;
/** A process with fewer accepted calls that sends a short list can't have used the limit up. */
const fewestCalls = 3;
/** Measurements over fewer calls are too imprecise to pace by while the limit is shared. */
const callsOfMeasure = 8;
/** The maximum wait that the service can request, in milliseconds. */
const longestRetryAfter = 60_000;

/** The maximum first guess of the limit after one backoff, as a multiple of its lower bound. */
const mostGuess = 3;

/** The congestion window after a backoff, and while the limit is shared. It grows from there. */
const windowAfterBackoff = 2;
/** The idle time, in milliseconds, after which the estimates are outdated. */
const forgetAfter = 60_000;

/**
 * Decides when the next call may be sent, based only on the times and outcomes of earlier calls.
 *
 * - **Slow start**: the congestion window doubles or triples each round trip while the service keeps up.
 * - **Backoff**, once the service throttles: one call at a time, each after a longer wait, until one is accepted. The number of
 *   calls accepted before, and their duration, give a first estimate of the limit.
 * - **Paced**: calls are spaced evenly at the estimated limit. The rate grows with each accepted call as in CUBIC, slowly at
 *   first, then faster. The throttled call that this leads to is the next measurement. The more certain the estimate, the longer
 *   the growth takes. Two throttled calls in a row lead back to backoff.
 * - **Sharing**, when a call is throttled although this process sent too few to use the limit up: other processes use it. The
 *   remaining calls are planned for a fixed time. The rate grows with each accepted call and falls with each throttled one, until
 *   a measurement covers enough calls to pace by.
 *
 * All times are milliseconds of the same clock. docs/pace.md explains the design and has the figures.
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
  /** The total time that the service asked callers to wait before its limit was known. */
  #heldFor = 0;

  /** Whether no call has been accepted since the last throttled one. */
  #drained = false;
  /** The send time of the last throttled call. */
  #drainedAt = Number.NEGATIVE_INFINITY;
  /** The time of the last rate reduction. Calls sent earlier say nothing about the rate since. */
  #slowedAt = Number.NEGATIVE_INFINITY;
  #backoffTime = 0;
  #backoffs = 0;
  /** The rate at which calls are spaced, starting from the limit as last measured or first guessed. */
  readonly #growth = new RateGrowth();
  #firstGuess = 0;
  #share = new FairShare();
  /** The number of waiting calls, as last reported. */
  #waiting = 0;

  /**
   * @param maxConcurrency the maximum number of calls in flight.
   * @param random returns numbers from 0 to 1, which keep processes out of step.
   */
  constructor(maxConcurrency: number, random: () => number = Math.random) {
    this.#maxConcurrency = maxConcurrency;
    this.#random = random;
    this.#window = new CongestionWindow(maxConcurrency);
  }

  /**
   * Returns how long the next call must wait: 0 if it may be sent now, infinity if a call in flight must end first.
   *
   * @param waiting the number of waiting calls, including the next one. Default: more than can be in flight.
   */
  wait(now: number, waiting = Number.POSITIVE_INFINITY): number {
    const { underWay } = this.#window;
    if (underWay === 0 && now - this.#lastEvent > forgetAfter) {
      this.#forget();
    }
    this.#waiting = waiting;
    if (this.#phase === "slowStart") {
      this.#window.spread(waiting);
    }
    if (this.#window.full || (this.#phase === "backoff" && underWay > 0)) {
      return Number.POSITIVE_INFINITY;
    }
    const settledAt = this.#phase === "slowStart" ? this.#window.settledAt : Number.NEGATIVE_INFINITY;
    return Math.max(0, this.#notBefore - now, settledAt - now);
  }

  /** Records that a call is sent. */
  sent(now: number): void {
    this.#lastEvent = now;
    this.#startedAt ??= now;
    this.#waiting--;
    this.#window.sent(now);
    this.#estimate.sent();
    if (this.#remaining === 1) {
      this.#share.plan(now);
    }
    if (this.#phase === "paced" || this.#phase === "sharing") {
      const interval = 1 / (this.#phase === "paced" ? this.#growth.rate(now) : this.#fairRate(now));
      // Catches up on at most two calls, so that a late timer doesn't lower the rate.
      this.#notBefore = Math.max(this.#notBefore, now - 2 * interval) + interval;
    }
  }

  /** Records that the service responded to the call sent at `sentAt`, with anything but throttling. */
  accepted(now: number, sentAt: number): void {
    this.#end(now, sentAt);
    this.#window.accepted(now, sentAt);
    this.#randomThrottling.ended(false, this.#phase === "paced" && sentAt > this.#slowedAt);
    if (sentAt <= this.#drainedAt) {
      return;
    }
    this.#growth.accepted(now);
    if (this.#phase === "backoff") {
      this.#startPacing(now, sentAt);
    } else if (this.#phase === "sharing" && sentAt > this.#slowedAt) {
      this.#share.accepted();
      this.#notBefore = Math.min(this.#notBefore, Math.max(now, sentAt + 1 / this.#fairRate(now)));
    }
    if (this.#drained) {
      this.#drained = false;
      this.#estimate.mark(sentAt, this.#window.sentAfter(sentAt));
    }
  }

  /**
   * Records that the service throttled the call sent at `sentAt`.
   *
   * @param retryAfter the time that the service asked callers to wait.
   */
  throttled(now: number, sentAt: number, retryAfter: number | undefined): void {
    this.#end(now, sentAt);
    this.#waiting++;
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
    } else if (this.#phase === "slowStart" && this.#othersUseLimit) {
      this.#startSharing(now);
    } else if (this.#phase === "slowStart" || again) {
      this.#backOff(now, sentAt);
    } else if (this.#phase === "paced") {
      this.#measure(now, sentAt);
    }
  }

  /** Records that the call sent at `sentAt` got no response, or a server error. */
  failed(now: number, sentAt: number): void {
    this.#end(now, sentAt);
    this.#window.failed(now, sentAt);
  }

  /** Records that the caller cancelled the call sent at `sentAt`. */
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

  /** The number of calls with a response, except throttled ones. */
  get #accepted(): number {
    return this.#estimate.accepted - this.#window.underWay;
  }

  /** Whether a call is throttled although this process sent too few to use the limit up. */
  get #othersUseLimit(): boolean {
    return this.#accepted === 0 || (this.#accepted < fewestCalls && this.#window.small);
  }

  /** The number of calls without a response. */
  get #remaining(): number {
    return this.#waiting + this.#window.underWay;
  }

  #fairRate(now: number): number {
    return this.#share.rate(now, this.#remaining);
  }

  #startSharing(now: number): void {
    this.#phase = "sharing";
    this.#share = new FairShare();
    this.#share.plan(now);
    this.#window.resize(windowAfterBackoff);
    this.#waitForShare(now);
  }

  #reduceShare(now: number, sentAt: number): void {
    const measure = this.#estimate.measure(sentAt, this.#window.sentAfter(sentAt));
    if (measure !== undefined && measure.calls >= callsOfMeasure) {
      this.#phase = "paced";
      this.#growth.fromMeasure(now, measure.rate, measure.calls);
      this.#firstGuess = measure.rate;
    } else {
      this.#share.throttled();
      this.#waitForShare(now);
    }
  }

  /** Waits for one interval on average. The random part keeps processes out of step. */
  #waitForShare(now: number): void {
    this.#notBefore = Math.max(this.#notBefore, now + (0.5 + this.#random()) / this.#fairRate(now));
  }

  #startPacing(now: number, sentAt: number): void {
    if (this.#estimate.measures === 0) {
      // Quota for one call was released since the quota was used up, so the limit is at least one call in that time.
      const least = 1 / (sentAt - this.#drainedAt);
      // The calls accepted since the start include the service's burst. The longer the backoff, the less that matters; after one
      // short backoff the count says little.
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

  /** Returns whether throttling doesn't depend on the rate. Calls then continue at the first rate, which grows. */
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

  /**
   * Measures the limit, given that the quota is used up at `sentAt`. Without a measurement, the limit is at least the current
   * rate.
   */
  #measure(now: number, sentAt: number): void {
    const measure = this.#estimate.measure(sentAt, this.#window.sentAfter(sentAt));
    if (measure === undefined) {
      this.#growth.fromGuess(now, this.#growth.rate(now), this.#backoffs);
    } else {
      const limit = this.#phase === "paced" ? this.#growth.limit(sentAt, measure.rate) : measure.rate;
      this.#growth.fromMeasure(now, limit, measure.calls);
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
  }
}
