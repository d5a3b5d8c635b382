import type { Clock } from "../common/clock.js";
import { delay } from "../common/clock.js";
import { withDeadline } from "../common/deadline.js";
import { ConnectionError, ServiceError } from "../errors/errors.js";
import type { Gate } from "../limiter/gate.js";
import type { Pace } from "../limiter/pace.js";
import type { Call } from "./failure.js";
import { type FailureKind, kindOf, RetryBudget, retryDelay } from "./retry.js";

/** What calls are made within. */
export interface CallLimits {
  /** How often one call is tried before its failure is final. */
  readonly maxAttempts: number;
  /** How long one try may take, in milliseconds. */
  readonly callTimeout: number;
}

/** What the calls of one connection share. */
export interface Traffic {
  readonly pace: Pace;
  readonly gate: Gate;
  readonly clock: Clock;
  readonly random: () => number;
}

/** Makes a call once. */
export type Attempt<Result> = (signal: AbortSignal, taken: () => void) => Promise<Result>;

/** Told when a call failed and is going to be tried again. */
export type OnRetry = (kind: Exclude<FailureKind, "refused">, failure: Error) => void;

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
      const outcome = await this.#try(call, attempt, signal);
      if ("result" in outcome) {
        this.#succeeded++;
        this.#budget.succeeded();
        return outcome.result;
      }
      const { failure, kind } = outcome;
      if (kind === "refused" || !(failure instanceof Error)) {
        throw failure;
      }
      if (kind === "transient" || this.#succeeded === succeededBefore) {
        counted++;
      }
      if (counted >= this.#limits.maxAttempts || !this.#budget.take()) {
        throw afterTries(failure, tries, clock.now() - startedAt);
      }
      this.#onRetry(kind, failure);
      // After a throttled call it is the pace that waits, for this call and all others: it knows for how long.
      if (kind === "transient") {
        await delay(retryDelay(tries, random), signal, clock);
      }
    }
  }

  async #try<Result>(
    call: Call,
    attempt: Attempt<Result>,
    signal: AbortSignal,
  ): Promise<{ result: Result } | { failure: unknown; kind: FailureKind }> {
    const { pace, gate, clock } = this.#traffic;
    const { callTimeout } = this.#limits;
    const sentAt = await gate.enter(signal);
    let hasEnded = false;
    const end = (tell: (now: number) => void) => {
      if (!hasEnded) {
        hasEnded = true;
        tell(clock.now());
        gate.ended();
      }
    };
    const taken = () => end((now) => pace.accepted(now, sentAt));
    try {
      const result = await withDeadline(
        callTimeout,
        () => timeout(call, callTimeout),
        signal,
        (callSignal) => attempt(callSignal, taken),
        clock,
      );
      taken();
      return { result };
    } catch (failure) {
      if (signal.aborted) {
        end((now) => pace.abandoned(now, sentAt));
        throw failure;
      }
      const kind = kindOf(failure);
      end((now) => tell(pace, now, sentAt, kind, failure));
      return { failure, kind };
    }
  }
}

function tell(pace: Pace, now: number, sentAt: number, kind: FailureKind, failure: unknown): void {
  switch (kind) {
    case "throttled":
      pace.throttled(now, sentAt, ServiceError.isInstance(failure) ? failure.retryAfter : undefined);
      break;
    case "transient":
      pace.failed(now, sentAt);
      break;
    case "refused":
      pace.accepted(now, sentAt);
      break;
  }
}

function timeout({ action, endpoint }: Call, milliseconds: number): ConnectionError {
  const message = `${action} at ${endpoint} failed: CallTimeout: no whole answer came within ${milliseconds / 1000} s`;
  return new ConnectionError("CallTimeout", message, { action, endpoint });
}

/** The same failure, saying how often and how long the call was tried, with the last one as its cause. */
function afterTries(failure: Error, tries: number, milliseconds: number): Error {
  const message = `${failure.message} (tried ${tries} times in ${(milliseconds / 1000).toFixed(1)} s)`;
  if (ServiceError.isInstance(failure)) {
    return new ServiceError(failure.code, message, failure, { cause: failure });
  }
  if (ConnectionError.isInstance(failure)) {
    return new ConnectionError(failure.code, message, failure, { cause: failure });
  }
  return failure;
}
