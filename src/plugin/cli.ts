#!/usr/bin/env node
import { fstatSync } from "node:fs";
// First, so that it holds for what the others require.
import { keepCompiled } from "./compileCache.js";
import { engineAddress } from "./engine.js";
import { servePlugin } from "./server.js";

const standardInput = 0;
/** The time in which a first lookup has loaded the modules that it needs, in milliseconds. */
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
  // The engine reads the port and dials it. It takes everything after it for messages to the user.
  process.stdout.write(`${plugin.port}\n`);
  setTimeout(keepCompiled, untilLoaded).unref();
}

/**
 * The engine holds the other end of a pipe and never writes to it. The pipe ends with the engine, even one that was
 * killed. A null device has ended from the start, and a terminal belongs to someone who waits for an engine to attach.
 */
function endWithTheEngine(end: () => void): void {
  const input = fstatSync(standardInput);
  if (input.isFIFO() || input.isSocket()) {
    process.stdin.on("error", end).on("end", end).resume();
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
