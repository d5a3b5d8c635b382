import { onAbort } from "../common/abort.js";
import type { Clock } from "../common/clock.js";
import type { RateCap } from "./rateCap.js";
import type { RateLimiter } from "./rateLimiter.js";

interface Waiting {
  readonly enter: (sentAt: number) => void;
}

/** Admits calls one by one, in order of arrival, when the limiter and the cap allow it. */
export class CallQueue {
  readonly #limiter: RateLimiter;
  readonly #clock: Clock;
  readonly #cap: RateCap | undefined;
  readonly #queue: Waiting[] = [];
  #admitsSoon = false;
  #cancelTimer: (() => void) | undefined;

  /** @param cap absent when no maximum rate is configured. */
  constructor(limiter: RateLimiter, clock: Clock, cap?: RateCap) {
    this.#limiter = limiter;
    this.#clock = clock;
    this.#cap = cap;
  }

  /**
   * Waits for the call's turn.
   *
   * @returns the time at which the call counts as sent. The caller must then report the outcome to the limiter and call
   * `release`.
   */
  acquire(signal: AbortSignal): Promise<number> {
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const waiting: Waiting = {
        enter: (sentAt) => {
          removeCallback();
          resolve(sentAt);
        },
      };
      const removeCallback = onAbort(signal, () => {
        this.#queue.splice(this.#queue.indexOf(waiting), 1);
        this.#admit();
        reject(signal.reason);
      });
      this.#queue.push(waiting);
      this.#admitSoon();
    });
  }

  /** Reports that the call sent at `sentAt` ended, which may admit another one. */
  release(sentAt: number): void {
    this.#cap?.ended(this.#clock.now(), sentAt);
    this.#admit();
  }

  /** Waits for the calls of the same tick, because their number decides how many are admitted at once. */
  #admitSoon(): void {
    if (!this.#admitsSoon) {
      this.#admitsSoon = true;
      queueMicrotask(() => {
        this.#admitsSoon = false;
        this.#admit();
      });
    }
  }

  #admit(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    while (this.#queue.length > 0) {
      const now = this.#clock.now();
      const wait = Math.max(this.#limiter.wait(now, this.#queue.length), this.#cap?.wait(now) ?? 0);
      if (wait > 0) {
        if (wait < Number.POSITIVE_INFINITY) {
          this.#cancelTimer = this.#clock.after(wait, () => this.#admit());
        }
        return;
      }
      this.#limiter.sent(now);
      this.#cap?.sent(now);
      this.#queue.shift()?.enter(now);
    }
  }
}
