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
): Promise<T> {
  parent?.throwIfAborted();
  const abort = new AbortController();
  const onParentAbort = () => abort.abort(parent?.reason);
  const timer = setTimeout(() => abort.abort(reason()), milliseconds);
  parent?.addEventListener("abort", onParentAbort, { once: true });
  try {
    return await Promise.race([work(abort.signal), abortion(abort.signal)]);
  } finally {
    clearTimeout(timer);
    parent?.removeEventListener("abort", onParentAbort);
  }
}

/** Rejects with the signal's reason when it is aborted. */
function abortion(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
