import { setMaxListeners } from "node:events";
import { type Clock, systemClock } from "./clock.js";

/**
 * Runs `work` with a signal that is aborted when `milliseconds` have passed or `parent` is aborted, and settles at that
 * moment even when `work` does not heed its signal.
 *
 * @param reason makes the error that a passed deadline rejects with.
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
  // Every call of a lookup listens to the signal of that lookup: more than Node takes for normal.
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

/** Rejects with the signal's reason when it is aborted. */
function abortion(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason));
  });
}
