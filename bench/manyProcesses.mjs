// Runs real processes that look up at the same time under one rate limit. Needs the build.
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

/**
 * Starts `processes` lookups of `count` instances each.
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
    rateLimit: { callsPerSecond: perSecond, burst },
    onCall: (call) => calls.push(call),
  });
  try {
    const ends = await Promise.all(Array.from({ length: processes }, () => lookup(emulator.environment)));
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

/** @returns the time at which the process wrote its result. */
function lookup(environment) {
  return new Promise((resolve, reject) => {
    const script = fileURLToPath(new URL("measure.mjs", import.meta.url));
    const started = spawn(process.execPath, [script, "lookup"], {
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...environment },
      stdio: ["ignore", "pipe", "ignore"],
    });
    let endedAt;
    started.stdout.once("data", () => {
      endedAt = Date.now();
    });
    started.once("error", reject);
    started.once("exit", (code) =>
      code === 0 && endedAt !== undefined
        ? resolve(endedAt)
        : reject(new Error(`a lookup ended with ${code}`)),
    );
  });
}
