import { type Clock, delay } from "../common/clock.js";
import { withDeadline } from "../common/deadline.js";
import type { Retry } from "../errors/codes.js";
import type { CallQueue } from "../limiter/callQueue.js";
import type { Outcome } from "../limiter/rateLimiter.js";
import type { Limits } from "../settings/settings.js";
import { type Call, CallFailure, callTimedOut } from "./failure.js";
import { RetryBudget, retryDelay } from "./retry.js";

/** The limits of one call. */
export type CallLimits = Pick<Limits, "maxAttempts" | "callTimeout">;

/** The state that the calls of one connection share. */
export interface Traffic {
  readonly queue: CallQueue;
  readonly clock: Clock;
  readonly random: () => number;
}

/** When an attempt was queued and sent, by the clock of the connection. */
export interface AttemptTimes {
  readonly queuedAt: number;
  readonly sentAt: number;
}

/** Makes one attempt of a call. */
export type Attempt<Result> = (
  signal: AbortSignal,
  onAccepted: () => void,
  times: AttemptTimes,
) => Promise<Result>;

/** Called when a call failed and will be retried. */
export type OnRetry = (retry: Exclude<Retry, "never">, failure: CallFailure) => void;

/** The calls of one lookup, with pacing, deadlines and retries. */
export class Calls {
  readonly #traffic: Traffic;
  readonly #limits: CallLimits;
  readonly #onRetry: OnRetry;
  readonly #budget = new RetryBudget();
  /** The number of calls that succeeded. */
  #succeeded = 0;

  constructor(traffic: Traffic, limits: CallLimits, onRetry: OnRetry) {
    this.#traffic = traffic;
    this.#limits = limits;
    this.#onRetry = onRetry;
  }

  /**
   * Makes a call until it succeeds, fails permanently or runs out of attempts. An attempt that was throttled while other calls
   * succeeded doesn't count: the service is working, and this call's turn comes later.
   *
   * @param attempt makes one attempt. It can report early that the service accepted the call, so that the next call doesn't wait
   * until the response is read.
   * @throws the last failure, with the number and duration of the attempts; the signal's reason once the signal is aborted.
   */
  async make<Result>(call: Call, attempt: Attempt<Result>, signal: AbortSignal): Promise<Result> {
    const { clock, random } = this.#traffic;
    const startedAt = clock.now();
    let counted = 0;
    for (let attempts = 1; ; attempts++) {
      const succeededBefore = this.#succeeded;
      const outcome = await this.#try(call, attempt, signal);
      if ("result" in outcome) {
        this.#succeeded++;
        this.#budget.succeeded();
        return outcome.result;
      }
      const { failure } = outcome;
      const { retry } = failure;
      if (retry === "never") {
        throw failure.toError();
      }
      if (retry === "transient" || this.#succeeded === succeededBefore) {
        counted++;
      }
      if (counted >= this.#limits.maxAttempts || !this.#budget.take()) {
        throw failure.toError({ count: attempts, elapsed: clock.now() - startedAt });
      }
      this.#onRetry(retry, failure);
      // After a throttled call, the limiter delays this call and all others, so no delay is added here.
      if (retry === "transient") {
        await delay(retryDelay(attempts, random), signal, clock);
      }
    }
  }

  async #try<Result>(
    call: Call,
    attempt: Attempt<Result>,
    signal: AbortSignal,
  ): Promise<{ result: Result } | { failure: CallFailure }> {
    const { queue, clock } = this.#traffic;
    const { callTimeout } = this.#limits;
    const queuedAt = clock.now();
    const { sentAt, release } = await queue.acquire(signal);
    const onAccepted = () => release("accepted");
    try {
      const result = await withDeadline(
        callTimeout,
        () => callTimedOut(call, callTimeout, "outboundbot:callTimeout"),
        signal,
        (callSignal) => attempt(callSignal, onAccepted, { queuedAt, sentAt }),
        clock,
      );
      release("accepted");
      return { result };
    } catch (thrown) {
      if (signal.aborted) {
        release("abandoned");
        throw thrown;
      }
      const failure = CallFailure.from(thrown);
      release(outcomes[failure?.retry ?? "never"], failure?.retryAfter);
      if (failure === undefined) {
        throw thrown;
      }
      return { failure };
    }
  }
}

/** What the limiter learns from a failed call. A call that the service rejected counts toward its limit. */
const outcomes: Readonly<Record<Retry, Outcome>> = {
  throttled: "throttled",
  transient: "failed",
  never: "accepted",
};
