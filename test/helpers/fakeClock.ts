import type { Clock } from "../../src/common/clock.js";

/** A clock that advances only when told. */
export class FakeClock implements Clock {
  #now = 0;
  readonly #timers: { at: number; run: () => void }[] = [];

  /** The number of pending timers. */
  get timers(): number {
    return this.#timers.length;
  }

  now(): number {
    return this.#now;
  }

  after(milliseconds: number, run: () => void): () => void {
    const timer = { at: this.#now + milliseconds, run };
    this.#timers.push(timer);
    return () => {
      const index = this.#timers.indexOf(timer);
      if (index !== -1) {
        this.#timers.splice(index, 1);
      }
    };
  }

  /** Advances the clock. Runs each due timer at its time, with everything that follows from it. */
  async pass(milliseconds: number): Promise<void> {
    const until = this.#now + milliseconds;
    for (;;) {
      await settled();
      const next = this.#timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) {
        break;
      }
      this.#timers.splice(this.#timers.indexOf(next), 1);
      this.#now = next.at;
      next.run();
    }
    this.#now = until;
  }
}

/** Waits until every promise that can settle without time passing has settled. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
