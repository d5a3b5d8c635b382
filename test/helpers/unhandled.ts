import { setImmediate } from "node:timers/promises";

/** Runs `work` and gives the promises that were rejected meanwhile without anyone listening. */
export async function unhandledDuring(work: () => Promise<void>): Promise<unknown[]> {
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => void unhandled.push(reason);
  // Mocha listens too, and would end the run.
  const others = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection");
  process.on("unhandledRejection", note);
  try {
    await work();
    // Node tells of them once the microtasks are done.
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
