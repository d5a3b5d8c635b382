import { setImmediate } from "node:timers/promises";

/** Runs `work` and returns the promises that were rejected in the meantime without a handler. */
export async function unhandledDuring(work: () => Promise<void>): Promise<unknown[]> {
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => void unhandled.push(reason);
  // Mocha's handler would end the run.
  const others = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection");
  process.on("unhandledRejection", note);
  try {
    await work();
    // Node reports them after the microtasks.
    await setImmediate();
    await setImmediate();
  } finally {
    process.off("unhandledRejection", note);
    for (const other of others) {
      process.on("unhandledRejection", other);
    }
  }
  return unhandled;
}
