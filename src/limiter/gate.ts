import type { Clock } from "../common/clock.js";
import type { Pace } from "./pace.js";

interface Waiting {
  readonly enter: (sentAt: number) => void;
}

/** Lets calls through one by one, in the order in which they came, when the pace allows it. */
export class Gate {
  readonly #pace: Pace;
  readonly #clock: Clock;
  readonly #queue: Waiting[] = [];
  #cancelTimer: (() => void) | undefined;

  constructor(pace: Pace, clock: Clock) {
    this.#pace = pace;
    this.#clock = clock;
  }

  /**
   * Waits for its turn.
   *
   * @returns the time at which the call counts as sent; how it ended must be told to the pace, and `ended` called then.
   */
  enter(signal: AbortSignal): Promise<number> {
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
        this.#letThrough();
        reject(signal.reason);
      };
      signal.addEventListener("abort", onAbort, { once: true });
      this.#queue.push(waiting);
      this.#letThrough();
    });
  }

  /** A call ended, so another one may have its turn. */
  ended(): void {
    this.#letThrough();
  }

  #letThrough(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    while (this.#queue.length > 0) {
      const now = this.#clock.now();
      const wait = this.#pace.wait(now);
      if (wait > 0) {
        if (wait < Number.POSITIVE_INFINITY) {
          this.#cancelTimer = this.#clock.after(wait, () => this.#letThrough());
        }
        return;
      }
      this.#pace.sent(now);
      this.#queue.shift()?.enter(now);
    }
  }
}
