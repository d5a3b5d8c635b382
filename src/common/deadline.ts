import { setMaxListeners } from "node:events";
import { type Clock, systemClock } from "./clock.js";

/**
 * Runs `work` with a signal that is aborted after `milliseconds` or when `parent` is aborted. Settles at that moment, even if
 * `work` ignores its signal.
 *
 * @param reason creates the error with which an expired deadline rejects.
 */
export async function withDeadline<T>(
  milliseconds: number,
  reason: () => Error,
  parent: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
  clock: Clock = systemClock,
): Promise<T> {
  parent?.throwIfAborted();
  const abort = new AbortController();
  // Every call of a lookup listens to the lookup's signal, and Node warns above 10 listeners.
  setMaxListeners(0, abort.signal);
  const onParentAbort = () => abort.abort(parent?.reason);
  const cancelTimer = clock.after(milliseconds, () => abort.abort(reason()));
  parent?.addEventListener("abort", onParentAbort);
  try {
    return await Promise.race([work(abort.signal), abortion(abort.signal)]);
  } finally {
    cancelTimer();
    parent?.removeEventListener("abort", onParentAbort);
  }
}

/** Rejects with the signal's reason when the signal is aborted. */
function abortion(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason));
  });
}
