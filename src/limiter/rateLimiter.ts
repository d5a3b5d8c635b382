import { ConcurrencyWindow } from "./concurrencyWindow.js";
import { Pace } from "./pace.js";

/** The first backoff is the latency of the throttled call, within these bounds, in milliseconds. */
const shortestFirstBackoff = 50;
const longestFirstBackoff = 100;
/** The first backoff of a process without an accepted call. Each accepted call shortens it. */
const backoffWithoutCalls = 200;
const backoffFactor = 4;
const longestBackoff = 1_800;
/** The maximum wait that the service can request, in milliseconds. */
const longestRetryAfter = 60_000;
/** The idle time, in milliseconds, after which what was measured is outdated. */
const forgetAfter = 60_000;

/** How a call ended. A call that the service rejected is accepted, because it counts toward the limit. */
export type Outcome = "accepted" | "throttled" | "failed" | "abandoned";

/**
 * Decides when the next call may be sent, based only on the times and outcomes of earlier calls. All times are milliseconds of the
 * same clock. docs/pace.md explains the design and has the figures.
 */
export class RateLimiter {
  readonly #maxConcurrency: number;
  readonly #random: () => number;
  #window: ConcurrencyWindow;
  #pace = new Pace();
  #lastEvent = Number.NEGATIVE_INFINITY;
  #notBefore = Number.NEGATIVE_INFINITY;
  /** The time of the last throttled call that counted. Calls sent earlier say nothing about the pace since. */
  #slowedAt = Number.NEGATIVE_INFINITY;
  /** The last backoff, or 0 if a call was accepted since. */
  #backoff = 0;

  /** @param random returns numbers from 0 to 1, which keep processes out of step. */
  constructor(maxConcurrency: number, random: () => number) {
    this.#maxConcurrency = maxConcurrency;
    this.#random = random;
    this.#window = new ConcurrencyWindow(maxConcurrency);
  }

  /** Returns how long the next call must wait: 0 if it may be sent now, infinity if a call in flight must end first. */
  wait(now: number): number {
    const { inFlight } = this.#window;
    if (inFlight === 0 && now - this.#lastEvent > forgetAfter) {
      this.#window = new ConcurrencyWindow(this.#maxConcurrency);
      this.#pace = new Pace();
    }
    // While the quota is used up, one call at a time is enough to find out when it isn't.
    if (this.#window.full || (this.#pace.isUsedUp && inFlight > 0)) {
      return Number.POSITIVE_INFINITY;
    }
    const settledAt = this.#pace.isMeasured ? now : this.#window.settledAt;
    return Math.max(0, this.#notBefore - now, settledAt - now);
  }

  /** Records that a call is sent. */
  sent(now: number): void {
    this.#lastEvent = now;
    this.#window.sent();
    const interval = 1 / this.#pace.fillRate(now);
    // Catches up on at most two calls, so that a late timer doesn't lower the rate.
    this.#notBefore = Math.max(this.#notBefore, now - 2 * interval) + interval;
  }

  /**
   * Records the end of the call sent at `sentAt`.
   *
   * @param retryAfter the time for which a service that throttles asked callers to wait.
   */
  ended(now: number, sentAt: number, outcome: Outcome, retryAfter = 0): void {
    this.#lastEvent = now;
    this.#window.ended(now, sentAt);
    if (outcome === "accepted") {
      this.#accepted(now, sentAt > this.#slowedAt);
    } else if (outcome === "throttled") {
      this.#notBefore = Math.max(this.#notBefore, now + Math.min(retryAfter, longestRetryAfter));
      this.#throttled(now, sentAt);
    } else if (outcome === "failed") {
      this.#window.failed();
    }
  }

  #accepted(now: number, isFresh: boolean): void {
    this.#window.accepted();
    if (isFresh) {
      this.#backoff = 0;
      if (this.#pace.isUsedUp && !this.#pace.isMeasured) {
        this.#window.restart();
      }
    }
    this.#pace.callAccepted(now, isFresh);
  }

  #throttled(now: number, sentAt: number): void {
    this.#window.throttled();
    const { isMeasured, isUsedUp } = this.#pace;
    if (sentAt <= this.#slowedAt || !(isMeasured || this.#window.isUsedUp)) {
      return;
    }
    this.#slowedAt = now;
    this.#pace.usedUp(now);
    // A single throttled call ends a measurement. Others mean that the rate is much too high.
    if (isUsedUp || !isMeasured) {
      this.#backoff = this.#nextBackoff(now, now - sentAt);
      const jitter = 0.75 + 0.5 * this.#random();
      this.#notBefore = Math.max(this.#notBefore, now + this.#backoff * jitter);
    }
  }

  #nextBackoff(now: number, latency: number): number {
    if (this.#backoff > 0) {
      return Math.min(longestBackoff, backoffFactor * this.#backoff);
    }
    const { isMeasured, accepted } = this.#pace;
    const interval = isMeasured ? 1 / this.#pace.fillRate(now) : backoffWithoutCalls / (1 + accepted);
    return Math.max(interval, shortestFirstBackoff, Math.min(latency, longestFirstBackoff));
  }
}
