import { Growth } from "./growth.js";
import { Indifference } from "./indifference.js";
import { LimitEstimate } from "./limit.js";
import { CallWindow } from "./window.js";

/** Bounds of the first rest, in milliseconds; between them it is one latency. */
const shortestFirstRest = 50;
const longestFirstRest = 100;
/** The longest rest of its own accord, in milliseconds: a service that recovers is noticed within that time. */
const longestOwnRest = 5_000;
/** After so many rests in vain the limit is likely one of calls in a second, as most are, and the next rest lasts for that. */
const restsBeforeSecond = 2;
/** How much longer than the second that rest is at most, as a part of it, so that processes do not move in step. */
const secondJitter = 0.1;
/** The longest rest that a service may ask for, in milliseconds. */
const longestRest = 60_000;

/** How many times the least that the limit can be is guessed at most, after a single rest of its own accord. */
const mostGuess = 3;

/** The calls under way at once after a rest; the window doubles from there. */
const windowAfterRest = 2;
/** After this long without a call, in milliseconds, what was learned is out of date. */
const forgetAfter = 60_000;

/**
 * Decides when the next call may be sent, from nothing but the times and outcomes of the calls before it.
 *
 * - **Opening**: a window of calls under way, which doubles each round trip for as long as the service keeps up.
 * - **Resting**, once the service throttles: one call at a time, each after a longer rest, until one is accepted. What was
 *   accepted until then, and how long that took, give a first idea of the limit.
 * - **Paced**: calls are spaced at the limit as measured, and a little faster with each one that is accepted: hardly at first,
 *   then more and more, as CUBIC does in TCP. The throttled call that this leads to is what the next measure needs; the surer
 *   the limit, the longer it takes. Two in a row, and it rests again.
 *
 * All times are milliseconds of one clock, any clock. docs/pace.md has the reasoning and the figures.
 */
export class Pace {
  readonly #maxConcurrency: number;
  readonly #random: () => number;
  #phase: "opening" | "resting" | "paced" = "opening";
  #window: CallWindow;
  #estimate = new LimitEstimate();
  #indifference = new Indifference();
  #notBefore = Number.NEGATIVE_INFINITY;
  #lastEvent = Number.NEGATIVE_INFINITY;
  #startedAt: number | undefined;
  /** For how long in all the service asked to be left alone, before anything was known of its limit. */
  #heldFor = 0;

  /** Whether no call was accepted since the last one that was throttled. */
  #drained = false;
  /** When the last call that was throttled was sent. */
  #drainedAt = Number.NEGATIVE_INFINITY;
  /** When the pace was last slowed: a call that was sent before says nothing of the pace since. */
  #slowedAt = Number.NEGATIVE_INFINITY;
  #rest = 0;
  #rests = 0;
  /** The rate at which calls are spaced, from the limit as last measured, and what that was guessed to be at first. */
  readonly #growth = new Growth();
  #firstGuess = 0;

  /**
   * @param maxConcurrency the most calls under way at once.
   * @param random numbers from 0 to 1, which keep several processes from moving in step.
   */
  constructor(maxConcurrency: number, random: () => number = Math.random) {
    this.#maxConcurrency = maxConcurrency;
    this.#random = random;
    this.#window = new CallWindow(maxConcurrency);
  }

  /** How long the next call has to wait: 0 when it may be sent now, infinity when a call under way has to end first. */
  wait(now: number): number {
    const { underWay } = this.#window;
    if (underWay === 0 && now - this.#lastEvent > forgetAfter) {
      this.#forget();
    }
    if (this.#window.full || (this.#phase === "resting" && underWay > 0)) {
      return Number.POSITIVE_INFINITY;
    }
    const settledAt = this.#phase === "opening" ? this.#window.settledAt : Number.NEGATIVE_INFINITY;
    return Math.max(0, this.#notBefore - now, settledAt - now);
  }

  /** A call is sent. */
  sent(now: number): void {
    this.#lastEvent = now;
    this.#startedAt ??= now;
    this.#window.sent(now);
    this.#estimate.sent();
    if (this.#phase === "paced") {
      const interval = 1 / this.#growth.rate(now);
      // A timer that fires late does not slow the pace: up to two calls that it missed are made up for.
      this.#notBefore = Math.max(this.#notBefore, now - 2 * interval) + interval;
    }
  }

  /** The service answered the call that was sent at `sentAt`: whatever it said, not that it was called too often. */
  accepted(now: number, sentAt: number): void {
    this.#end(now, sentAt);
    this.#window.accepted(now, sentAt);
    if (this.#phase === "opening") {
      return;
    }
    this.#indifference.ended(false, this.#phase === "paced" && sentAt > this.#slowedAt);
    if (sentAt <= this.#drainedAt) {
      return;
    }
    this.#growth.accepted();
    if (this.#phase === "resting") {
      this.#startPacing(now, sentAt);
    }
    if (this.#drained) {
      this.#drained = false;
      this.#estimate.mark(sentAt, this.#window.sentAfter(sentAt));
    }
  }

  /**
   * The service refused the call that was sent at `sentAt` because it was called too often.
   *
   * @param retryAfter how long it asked to be left alone.
   */
  throttled(now: number, sentAt: number, retryAfter: number | undefined): void {
    this.#end(now, sentAt);
    this.#estimate.throttled(sentAt);
    this.#leaveAlone(now, Math.min(retryAfter ?? 0, longestRest));
    const news = sentAt > this.#slowedAt;
    this.#indifference.ended(true, news && this.#estimate.measures > 0);
    if (this.#indifference.found || (news && this.#slowingDownDoesNotHelp(now))) {
      return;
    }
    const again = this.#drained && news;
    this.#drained = true;
    this.#drainedAt = Math.max(this.#drainedAt, sentAt);
    if (news) {
      this.#slowedAt = now;
    }
    if (this.#phase === "opening" || again) {
      this.#restLonger(now, sentAt);
    } else if (this.#phase === "paced") {
      this.#measure(now, sentAt);
    }
  }

  /** The call that was sent at `sentAt` got no answer, or one that says that the service is not well. */
  failed(now: number, sentAt: number): void {
    this.#end(now, sentAt);
    this.#window.failed(now, sentAt);
  }

  /** The call that was sent at `sentAt` was given up by its caller. */
  abandoned(now: number, sentAt: number): void {
    this.#end(now, sentAt);
  }

  #end(now: number, sentAt: number): void {
    this.#lastEvent = now;
    this.#window.ended(sentAt);
  }

  #leaveAlone(now: number, time: number): void {
    this.#heldFor += Math.max(0, now + time - Math.max(now, this.#notBefore));
    this.#notBefore = Math.max(this.#notBefore, now + time);
  }

  #restLonger(now: number, sentAt: number): void {
    if (this.#phase === "resting") {
      this.#rest = Math.min(longestOwnRest, this.#rest * 2);
      this.#rests++;
    } else {
      this.#phase = "resting";
      this.#rest = Math.min(longestFirstRest, Math.max(shortestFirstRest, now - sentAt));
      this.#rests = 1;
    }
    const second =
      this.#rests > restsBeforeSecond && this.#estimate.measures === 0
        ? (this.#startedAt ?? now) + 1_000 * (1 + secondJitter * this.#random())
        : now;
    const until =
      second > now + this.#rest * 0.75 ? second : now + this.#rest * (0.75 + 0.5 * this.#random());
    this.#notBefore = Math.max(this.#notBefore, until);
  }

  #startPacing(now: number, sentAt: number): void {
    if (this.#rests === 1 && this.#estimate.accepted === 1) {
      // The very first call was throttled and the next one was not: that is no limit to pace by yet.
      this.#phase = "opening";
      this.#drained = false;
      return;
    }
    if (this.#estimate.measures === 0) {
      // Since the service had nothing left one call came free, so the limit is at least that.
      const least = 1 / (sentAt - this.#drainedAt);
      // What was accepted from the start holds what the service had saved up as well, which matters the less the longer it
      // rested; after one short rest it says little.
      const sinceStart = sentAt - (this.#startedAt ?? sentAt) - this.#heldFor;
      const accepted = this.#estimate.accepted - this.#window.sentAfter(sentAt);
      const fromStart = accepted / Math.max(1, sinceStart);
      const likely = (fromStart * this.#rests) / (this.#rests + 1);
      const most = this.#rests === 1 && this.#heldFor === 0 ? least * mostGuess : Number.POSITIVE_INFINITY;
      this.#firstGuess = Math.min(most, Math.max(least, likely));
      this.#growth.fromGuess(now, this.#firstGuess, this.#rests);
    } else {
      this.#measure(now, sentAt);
    }
    this.#phase = "paced";
    this.#window.resize(windowAfterRest);
    this.#notBefore = Math.max(this.#notBefore, sentAt + 1 / this.#growth.from);
  }

  /** Whether the service throttles whatever the pace: then it goes on at the first one, and that grows. */
  #slowingDownDoesNotHelp(now: number): boolean {
    if (!this.#indifference.look(this.#growth.from / this.#firstGuess)) {
      return false;
    }
    this.#phase = "paced";
    this.#drained = false;
    this.#window.resize(this.#maxConcurrency);
    this.#growth.fromIndifferent(now, this.#firstGuess);
    return true;
  }

  /** Measures the limit, as the service has nothing left at `sentAt`; without a measure it is at least the rate so far. */
  #measure(now: number, sentAt: number): void {
    const measure = this.#estimate.measure(sentAt, this.#window.sentAfter(sentAt));
    if (measure === undefined) {
      this.#growth.fromGuess(now, this.#growth.rate(now), this.#rests);
    } else {
      this.#growth.fromMeasure(now, measure.rate, measure.calls);
    }
  }

  #forget(): void {
    this.#phase = "opening";
    this.#window = new CallWindow(this.#maxConcurrency);
    this.#estimate = new LimitEstimate();
    this.#indifference = new Indifference();
    this.#startedAt = undefined;
    this.#heldFor = 0;
    this.#drained = false;
  }
}
