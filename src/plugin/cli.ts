#!/usr/bin/env node
import { fstatSync } from "node:fs";
import { shown } from "../common/shown.js";
// Imported first, so that it applies to the modules that the others load.
import { keepCompiled } from "./compileCache.js";
import { engineAddress } from "./engine.js";
import { servePlugin } from "./server.js";

const standardInput = 0;
/** In characters. */
const longestMessage = 4_000;
/** The time after which a first lookup has loaded its modules, in milliseconds. */
const untilLoaded = 1_000;

async function main(): Promise<void> {
  const plugin = await servePlugin(engineAddress(process.argv.slice(2)));
  const end = () => {
    plugin.close();
    process.exit(0);
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.once(signal, end);
  }
  endWithTheEngine(end);
  // The engine reads the port and connects. It shows everything printed after it to the user.
  process.stdout.write(`${plugin.port}\n`);
  setTimeout(keepCompiled, untilLoaded).unref();
}

/**
 * Ends the plugin when the engine ends, even if it was killed: its end of the pipe then closes. Ignores other kinds of standard
 * input. A null device is always at its end, and a terminal belongs to a user who waits for an engine to attach.
 */
function endWithTheEngine(end: () => void): void {
  const input = fstatSync(standardInput);
  if (input.isFIFO() || input.isSocket()) {
    process.stdin.on("error", end).on("end", end).resume();
  }
}

main().catch((error: unknown) => {
  console.error(shown((error instanceof Error && error.stack) || String(error), longestMessage));
  process.exitCode = 1;
});
