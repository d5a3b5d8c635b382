import { onAbort } from "./abort.js";
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
  const cancelTimer = clock.after(milliseconds, () => abort.abort(reason()));
  const removeCallback = parent && onAbort(parent, () => abort.abort(parent.reason));
  try {
    return await Promise.race([work(abort.signal), abortion(abort.signal)]);
  } finally {
    cancelTimer();
    removeCallback?.();
  }
}

/** Rejects with the signal's reason when the signal is aborted. */
function abortion(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason));
  });
}
