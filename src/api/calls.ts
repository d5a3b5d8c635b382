import type { Clock } from "../common/clock.js";
import { delay } from "../common/clock.js";
import { withDeadline } from "../common/deadline.js";
import type { Retry } from "../errors/codes.js";
import { ConnectionError, ServiceError } from "../errors/errors.js";
import type { CallQueue } from "../limiter/callQueue.js";
import type { RateLimiter } from "../limiter/rateLimiter.js";
import type { Limits } from "../settings/settings.js";
import { type Call, callTimedOut } from "./failure.js";
import { RetryBudget, retryDelay, retryFor } from "./retry.js";

/** The limits that hold for one call. */
export type CallLimits = Pick<Limits, "maxAttempts" | "callTimeout">;

/** What the calls of one connection share. */
export interface Traffic {
  readonly limiter: RateLimiter;
  readonly queue: CallQueue;
  readonly clock: Clock;
  readonly random: () => number;
}

/** When a call had its turn, by the clock of its connection, and for how long it has it. */
export interface Turn {
  /** How often the call has been tried, this time included. */
  readonly tries: number;
  readonly queuedAt: number;
  readonly sentAt: number;
  /** Ends the try. */
  readonly signal: AbortSignal;
}

/** Makes a call once. */
export type Attempt<Result> = (signal: AbortSignal, onAccepted: () => void, turn: Turn) => Promise<Result>;

/** Told when a call failed and is going to be tried again. */
export type OnRetry = (retry: Exclude<Retry, "never">, failure: Error) => void;

/** The calls of one lookup: each one paced, kept within its time, and tried again when that may help. */
export class Calls {
  readonly #traffic: Traffic;
  readonly #limits: CallLimits;
  readonly #onRetry: OnRetry;
  readonly #budget = new RetryBudget();
  /** The calls that succeeded. */
  #succeeded = 0;

  constructor(traffic: Traffic, limits: CallLimits, onRetry: OnRetry) {
    this.#traffic = traffic;
    this.#limits = limits;
    this.#onRetry = onRetry;
  }

  /**
   * Makes a call until it succeeds, is refused, or was tried often enough. A try that was throttled while other calls succeeded
   * does not count: the service keeps up, only not with all that ask it, and this call has its turn later.
   *
   * @param attempt makes the call once. It may say early that the service has taken the call, so that the next one need not wait
   * until the answer is read.
   * @throws the last failure, which says how often and how long it was tried; the signal's reason once that is aborted.
   */
  async make<Result>(call: Call, attempt: Attempt<Result>, signal: AbortSignal): Promise<Result> {
    const { clock, random } = this.#traffic;
    const startedAt = clock.now();
    let counted = 0;
    for (let tries = 1; ; tries++) {
      const succeededBefore = this.#succeeded;
      const outcome = await this.#try(call, attempt, tries, signal);
      if ("result" in outcome) {
        this.#succeeded++;
        this.#budget.succeeded();
        return outcome.result;
      }
      const { failure, retry } = outcome;
      if (retry === "never" || !(failure instanceof Error)) {
        throw failure;
      }
      if (retry === "transient" || this.#succeeded === succeededBefore) {
        counted++;
      }
      if (counted >= this.#limits.maxAttempts || !this.#budget.take()) {
        throw afterTries(failure, tries, clock.now() - startedAt);
      }
      this.#onRetry(retry, failure);
      // After a throttled call it is the limiter that waits, for this call and all others: it knows for how long.
      if (retry === "transient") {
        await delay(retryDelay(tries, random), signal, clock);
      }
    }
  }

  async #try<Result>(
    call: Call,
    attempt: Attempt<Result>,
    tries: number,
    signal: AbortSignal,
  ): Promise<{ result: Result } | { failure: unknown; retry: Retry }> {
    const { limiter, queue, clock } = this.#traffic;
    const { callTimeout } = this.#limits;
    const queuedAt = clock.now();
    const sentAt = await queue.acquire(signal);
    let hasEnded = false;
    const end = (report: (now: number) => void) => {
      if (!hasEnded) {
        hasEnded = true;
        report(clock.now());
        queue.release(sentAt);
      }
    };
    const onAccepted = () => end((now) => limiter.accepted(now, sentAt));
    try {
      const result = await withDeadline(
        callTimeout,
        () => callTimedOut(call, callTimeout),
        signal,
        (callSignal) => attempt(callSignal, onAccepted, { tries, queuedAt, sentAt, signal: callSignal }),
        clock,
      );
      onAccepted();
      return { result };
    } catch (failure) {
      if (signal.aborted) {
        end((now) => limiter.abandoned(now, sentAt));
        throw failure;
      }
      const retry = retryFor(failure);
      end((now) => report(limiter, now, sentAt, retry, failure));
      return { failure, retry };
    }
  }
}

function report(limiter: RateLimiter, now: number, sentAt: number, retry: Retry, failure: unknown): void {
  switch (retry) {
    case "throttled":
      limiter.throttled(now, sentAt, ServiceError.isInstance(failure) ? failure.retryAfter : undefined);
      break;
    case "transient":
      limiter.failed(now, sentAt);
      break;
    case "never":
      limiter.accepted(now, sentAt);
      break;
  }
}

/** The same failure, saying how often and how long the call was tried, with the last one as its cause. */
function afterTries(failure: Error, count: number, elapsed: number): Error {
  if (ServiceError.isInstance(failure)) {
    return new ServiceError(failure.code, failure.reason, failure, {
      advice: failure.advice,
      attempts: { count, elapsed },
      cause: failure,
    });
  }
  if (ConnectionError.isInstance(failure)) {
    return new ConnectionError(failure.code, failure.reason, failure, {
      advice: failure.advice,
      attempts: { count, elapsed },
      cause: failure,
    });
  }
  return failure;
}
