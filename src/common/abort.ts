/** The callbacks of each signal, in the order in which they were added. */
const callbacks = new WeakMap<AbortSignal, (() => void)[]>();

/**
 * Calls `callback` when the signal is aborted. The signal must not be aborted yet.
 *
 * For a signal that many calls use, such as that of a lookup. Node links the listeners of a signal, so a removed one keeps all
 * later ones in memory, with their responses, until the next full garbage collection. Here each signal has one listener.
 *
 * @returns a function that removes the callback.
 */
export function onAbort(signal: AbortSignal, callback: () => void): () => void {
  const added = callbacks.get(signal) ?? [];
  if (added.length === 0) {
    callbacks.set(signal, added);
    signal.addEventListener("abort", runCallbacks, { once: true });
  }
  added.push(callback);
  return () => {
    const index = added.indexOf(callback);
    if (index >= 0) {
      added.splice(index, 1);
      if (added.length === 0) {
        signal.removeEventListener("abort", runCallbacks);
      }
    }
  };
}

function runCallbacks(this: AbortSignal): void {
  const added = callbacks.get(this) ?? [];
  // A callback may remove others.
  for (let callback = added.shift(); callback !== undefined; callback = added.shift()) {
    callback();
  }
}
