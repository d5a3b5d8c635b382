// Runs real processes that look up at the same time under one rate limit. Needs the build.
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/**
 * Runs `processes` lookups of `count` instances each, which start at the same moment: once all processes have loaded the package.
 *
 * @returns the times at which the first and the last process had its list, the minimum time of all calls, and the fraction of
 * throttled calls. Times are in milliseconds since the service received the first call.
 */
export async function manyProcesses({ processes, count, latency, perSecond, burst }) {
  const { startEmulator } = createRequire(import.meta.url)("pulumi-outboundbot/emulator");
  const calls = [];
  const emulator = await startEmulator({
    count,
    latency,
    rateLimit: perSecond,
    rateLimitBurst: burst,
    onCall: (call) => calls.push(call),
  });
  try {
    const lookups = Array.from({ length: processes }, () => lookup(emulator.environment, count));
    await Promise.all(lookups.map(({ ready }) => ready));
    for (const { start } of lookups) {
      start();
    }
    const ends = await Promise.all(lookups.map(({ endedAt }) => endedAt));
    const startedAt = Math.min(...calls.map(({ time }) => time));
    const throttled = calls.filter(({ code }) => code?.startsWith("Throttling")).length;
    return {
      ideal: ((calls.length - throttled - burst) / perSecond) * 1000 + latency,
      first: Math.min(...ends) - startedAt,
      last: Math.max(...ends) - startedAt,
      throttled: throttled / calls.length,
    };
  } finally {
    await emulator.close();
  }
}

/** Starts a process, and returns when it is ready, a function that starts its lookup, and the time at which it wrote its result. */
function lookup(environment, count) {
  const script = fileURLToPath(new URL("measure.mjs", import.meta.url));
  const started = spawn(process.execPath, [script, "lookupOnSignal"], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...environment },
    stdio: ["pipe", "pipe", "ignore"],
  });
  const lines = createInterface({ input: started.stdout })[Symbol.asyncIterator]();
  const ready = nextLine(lines);
  return {
    ready,
    start: () => started.stdin.end("start"),
    endedAt: ready.then(() => resultTime(lines, count)),
  };
}

/** Returns the time at which the result arrives, which must be the whole list. */
async function resultTime(lines, count) {
  const line = await nextLine(lines);
  const endedAt = Date.now();
  const [{ value }] = JSON.parse(line).results;
  if (value !== count) {
    throw new Error(`a lookup ended with ${value}`);
  }
  return endedAt;
}

async function nextLine(lines) {
  const { done, value } = await lines.next();
  if (done) {
    throw new Error("a lookup ended without a result");
  }
  return value;
}
