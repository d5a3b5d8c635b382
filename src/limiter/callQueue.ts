import type { Clock } from "../common/clock.js";
import type { RateCap } from "./rateCap.js";
import type { RateLimiter } from "./rateLimiter.js";

interface Waiting {
  readonly enter: (sentAt: number) => void;
}

/** Lets calls through one by one, in the order in which they came, when the limiter and the cap allow it. */
export class CallQueue {
  readonly #limiter: RateLimiter;
  readonly #clock: Clock;
  readonly #cap: RateCap | undefined;
  readonly #queue: Waiting[] = [];
  #admitsSoon = false;
  #cancelTimer: (() => void) | undefined;

  /** @param cap absent where no rate is known beforehand. */
  constructor(limiter: RateLimiter, clock: Clock, cap?: RateCap) {
    this.#limiter = limiter;
    this.#clock = clock;
    this.#cap = cap;
  }

  /**
   * Waits for its turn.
   *
   * @returns the time at which the call counts as sent; how it ended must be told to the limiter, and `release` called then.
   */
  acquire(signal: AbortSignal): Promise<number> {
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const waiting: Waiting = {
        enter: (sentAt) => {
          signal.removeEventListener("abort", onAbort);
          resolve(sentAt);
        },
      };
      const onAbort = () => {
        this.#queue.splice(this.#queue.indexOf(waiting), 1);
        this.#admit();
        reject(signal.reason);
      };
      signal.addEventListener("abort", onAbort, { once: true });
      this.#queue.push(waiting);
      this.#admitSoon();
    });
  }

  /** The call that was sent at `sentAt` ended, so another one may have its turn. */
  release(sentAt: number): void {
    this.#cap?.ended(this.#clock.now(), sentAt);
    this.#admit();
  }

  /** Waits for the calls that come together with this one: how many they are decides how many may go at once. */
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
