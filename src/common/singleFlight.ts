import { setImmediate as nextTurn } from "node:timers/promises";
import { onAbort } from "./abort.js";

interface InFlight<Result> {
  readonly result: Promise<Result>;
  readonly abort: AbortController;
  waiting: number;
}

/**
 * Runs identical work once for all callers of one turn of the event loop. A later caller starts new work, because it may have
 * waited for a change that the running work doesn't see. Stores nothing afterwards.
 */
export class SingleFlight<Result> {
  readonly #notStarted = new Map<string, InFlight<Result>>();

  /**
   * @param key identifies identical work.
   * @param signal ends this caller's wait. The work itself is cancelled when no caller waits for it.
   * @returns the result, and whether another caller received it too.
   */
  async run(
    key: string,
    signal: AbortSignal | undefined,
    work: (signal: AbortSignal) => Promise<Result>,
  ): Promise<{ result: Result; shared: boolean }> {
    signal?.throwIfAborted();
    const joined = this.#notStarted.get(key);
    const underWay = joined ?? this.#schedule(key, work);
    underWay.waiting++;
    try {
      return { result: await withSignal(underWay.result, signal), shared: joined !== undefined };
    } finally {
      underWay.waiting--;
      if (underWay.waiting === 0) {
        underWay.abort.abort();
        this.#close(key, underWay);
      }
    }
  }

  #schedule(key: string, work: (signal: AbortSignal) => Promise<Result>): InFlight<Result> {
    const abort = new AbortController();
    const result = nextTurn().then(() => {
      this.#close(key, underWay);
      abort.signal.throwIfAborted();
      return work(abort.signal);
    });
    const underWay: InFlight<Result> = { result, abort, waiting: 0 };
    this.#notStarted.set(key, underWay);
    return underWay;
  }

  #close(key: string, underWay: InFlight<Result>): void {
    if (this.#notStarted.get(key) === underWay) {
      this.#notStarted.delete(key);
    }
  }
}

function withSignal<Result>(result: Promise<Result>, signal: AbortSignal | undefined): Promise<Result> {
  if (signal === undefined) {
    return result;
  }
  return new Promise((resolve, reject) => {
    const removeCallback = onAbort(signal, () => reject(signal.reason));
    result.then(resolve, reject).finally(removeCallback);
  });
}
