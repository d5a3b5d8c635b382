interface UnderWay<Result> {
  readonly result: Promise<Result>;
  readonly abort: AbortController;
  waiting: number;
}

/** Runs identical work once for all callers that wait for it at the same time. Stores nothing afterwards. */
export class SingleFlight<Result> {
  readonly #underWay = new Map<string, UnderWay<Result>>();

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
    const joined = this.#underWay.get(key);
    const underWay = joined ?? this.#start(key, work);
    underWay.waiting++;
    try {
      return { result: await withSignal(underWay.result, signal), shared: joined !== undefined };
    } finally {
      underWay.waiting--;
      if (underWay.waiting === 0) {
        underWay.abort.abort();
        if (this.#underWay.get(key) === underWay) {
          this.#underWay.delete(key);
        }
      }
    }
  }

  #start(key: string, work: (signal: AbortSignal) => Promise<Result>): UnderWay<Result> {
    const abort = new AbortController();
    const underWay: UnderWay<Result> = { result: work(abort.signal), abort, waiting: 0 };
    const forget = () => this.#underWay.get(key) === underWay && this.#underWay.delete(key);
    underWay.result.then(forget, forget);
    this.#underWay.set(key, underWay);
    return underWay;
  }
}

function withSignal<Result>(result: Promise<Result>, signal: AbortSignal | undefined): Promise<Result> {
  if (signal === undefined) {
    return result;
  }
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    result.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}
