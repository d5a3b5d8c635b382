import type { Clock } from "../common/clock.js";
import type { RateLimiter } from "./rateLimiter.js";

interface Waiting {
  readonly enter: (sentAt: number) => void;
}

/** Lets calls through one by one, in the order in which they came, when the limiter allows it. */
export class CallQueue {
  readonly #limiter: RateLimiter;
  readonly #clock: Clock;
  readonly #queue: Waiting[] = [];
  #cancelTimer: (() => void) | undefined;

  constructor(limiter: RateLimiter, clock: Clock) {
    this.#limiter = limiter;
    this.#clock = clock;
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
      this.#admit();
    });
  }

  /** A call ended, so another one may have its turn. */
  release(): void {
    this.#admit();
  }

  #admit(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    while (this.#queue.length > 0) {
      const now = this.#clock.now();
      const wait = this.#limiter.wait(now);
      if (wait > 0) {
        if (wait < Number.POSITIVE_INFINITY) {
          this.#cancelTimer = this.#clock.after(wait, () => this.#admit());
        }
        return;
      }
      this.#limiter.sent(now);
      this.#queue.shift()?.enter(now);
    }
  }
}
