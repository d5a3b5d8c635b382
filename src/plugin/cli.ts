#!/usr/bin/env node
import { fstatSync } from "node:fs";
import { packageVersion } from "../common/version.js";
// Imported first, so that the cache applies to the modules that the later imports load.
import { keepCompiled } from "./compileCache.js";
import { servePlugin } from "./pluginServer.js";
import { reportDefect } from "./statusError.js";

const standardInput = 0;
/** The time after which a first lookup has loaded its modules, in milliseconds. */
const untilLoaded = 1_000;

const help = `pulumi-resource-outboundbot: the Pulumi provider plugin for Alibaba Cloud OutboundBot.

Usage: pulumi-resource-outboundbot [options] [ENGINE_ADDRESS]

Pulumi starts the plugin itself. To use it in a project, install the npm package pulumi-outboundbot there and run:
  pulumi package add ./node_modules/pulumi-outboundbot/plugin

To debug the plugin, start it without an address. It prints its port and waits for an engine. Then run:
  PULUMI_DEBUG_PROVIDERS=outboundbot:PORT pulumi up

Options:
  --help, -h   Prints this help.
  --version    Prints the version.`;

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  const [option] = args;
  if (option === "--version") {
    return console.log(packageVersion);
  }
  if (option === "--help" || option === "-h") {
    return console.log(help);
  }
  const plugin = await servePlugin(engineAddress(args));
  const end = () => {
    plugin.close();
    process.exit(0);
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.once(signal, end);
  }
  endWithTheEngine(end);
  // The engine reads the port and connects. It shows all later output to the user.
  process.stdout.write(`${plugin.port}\n`);
  setTimeout(keepCompiled, untilLoaded).unref();
}

/**
 * Returns the engine's address, the last argument. The engine puts flags for its log before it. Without an address, the plugin
 * waits for an engine to attach.
 */
function engineAddress(args: readonly string[]): string | undefined {
  return args.filter((arg, index) => !arg.startsWith("-") && args[index - 1] !== "--tracing").at(-1);
}

/**
 * Ends the plugin when the engine ends, even if the engine was killed, because its end of the pipe then closes. Ignores other
 * kinds of standard input. A null device is always at its end, and a terminal belongs to a user who waits for an engine to
 * attach.
 */
function endWithTheEngine(end: () => void): void {
  const input = fstatSync(standardInput);
  if (input.isFIFO() || input.isSocket()) {
    process.stdin.on("error", end).on("end", end).resume();
  }
}

main().catch((error: unknown) => {
  reportDefect(error);
  process.exitCode = 1;
});
