import { onAbort } from "../common/abort.js";
import type { Clock } from "../common/clock.js";
import { RateCap } from "./rateCap.js";
import { type Outcome, RateLimiter } from "./rateLimiter.js";

/** The permission to send one call. */
export interface SendToken {
  readonly sentAt: number;
  /** Reports how the call ended, once, with the wait in milliseconds that a service that throttled it asked for. */
  readonly release: (outcome: Outcome, retryAfter?: number) => void;
}

/** Admits calls one by one, in order of arrival, when the rate limiter and the cap allow it. */
export class CallQueue {
  readonly #clock: Clock;
  readonly #limiter: RateLimiter;
  readonly #cap: RateCap | undefined;
  readonly #waiting: ((token: SendToken) => void)[] = [];
  #cancelTimer: (() => void) | undefined;

  /** @param maxRate the maximum number of calls per second. */
  constructor(
    { maxConcurrency, maxRate }: { maxConcurrency: number; maxRate?: number | undefined },
    clock: Clock,
    random: () => number,
  ) {
    this.#clock = clock;
    this.#limiter = new RateLimiter(maxConcurrency, random);
    this.#cap = maxRate === undefined ? undefined : new RateCap(maxRate);
  }

  /** Waits for the call's turn. The caller must release the token. */
  acquire(signal: AbortSignal): Promise<SendToken> {
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const enter = (token: SendToken) => {
        removeCallback();
        resolve(token);
      };
      const removeCallback = onAbort(signal, () => {
        this.#waiting.splice(this.#waiting.indexOf(enter), 1);
        this.#admit();
        reject(signal.reason);
      });
      this.#waiting.push(enter);
      this.#admit();
    });
  }

  #admit(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    while (this.#waiting.length > 0) {
      const now = this.#clock.now();
      const wait = Math.max(this.#limiter.wait(now), this.#cap?.wait(now) ?? 0);
      if (wait > 0) {
        if (wait < Number.POSITIVE_INFINITY) {
          this.#cancelTimer = this.#clock.after(wait, () => this.#admit());
        }
        return;
      }
      this.#limiter.sent(now);
      this.#cap?.sent(now);
      this.#waiting.shift()?.(this.#token(now));
    }
  }

  #token(sentAt: number): SendToken {
    let isReleased = false;
    return {
      sentAt,
      release: (outcome, retryAfter) => {
        if (!isReleased) {
          isReleased = true;
          const now = this.#clock.now();
          this.#limiter.ended(now, sentAt, outcome, retryAfter);
          this.#cap?.ended(now, sentAt);
          this.#admit();
        }
      },
    };
  }
}
