import { onAbort } from "./abort.js";

/** The clock that pacing uses. */
export interface Clock {
  /** Milliseconds since an arbitrary moment. */
  now(): number;
  /** Calls `run` once after the given time. @returns a function that cancels it. */
  after(milliseconds: number, run: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  after: (milliseconds, run) => {
    const timer = setTimeout(run, milliseconds);
    return () => clearTimeout(timer);
  },
};

/** Waits for the given time. Rejects with the signal's reason as soon as the signal is aborted. */
export function delay(milliseconds: number, signal: AbortSignal, clock: Clock): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const cancelTimer = clock.after(milliseconds, () => {
      removeCallback();
      resolve();
    });
    const removeCallback = onAbort(signal, () => {
      cancelTimer();
      reject(signal.reason);
    });
  });
}
