#!/usr/bin/env node
import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import { devNull } from "node:os";
import { join } from "node:path";
import type { CallRecord } from "./callLog.js";
import { EmulatorOptionError } from "./checks.js";
import { helpText, readCommandLine } from "./commandLine.js";
import { run } from "./emulator.js";
import type { Settings } from "./options.js";

const standardOutput = 1;
const standardError = 2;

async function main(): Promise<void> {
  const command = readCommandLine(process.argv.slice(2));
  if (command.run === "emulator") {
    return serve(command.settings, command.log);
  }
  print(standardOutput, command.run === "help" ? helpText : `${packageVersion()}\n`);
}

async function serve(settings: Settings, log: boolean): Promise<void> {
  const logCall = (call: CallRecord) => print(standardError, `${JSON.stringify(call)}\n`);
  const emulator = await run(log ? { ...settings, onCall: logCall } : settings);
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => void emulator.close().then(() => process.exit(0)));
  }
  const count = emulator.instances.length;
  print(
    standardError,
    `OutboundBot emulator with ${count} ${count === 1 ? "instance" : "instances"} at ${emulator.endpoint}. ` +
      `To stop it, press Ctrl-C, or run kill ${process.pid} if it runs in the background.\n`,
  );
  for (const [name, value] of Object.entries(emulator.environment)) {
    print(standardOutput, `export ${name}=${shellQuoted(value)}\n`);
  }
  closeStandardOutput();
}

function shellQuoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/**
 * Closes standard output, so that a shell's `eval "$(outboundbot-emulator &)"` continues. The null device takes the freed
 * descriptor, so that no connection gets it.
 */
function closeStandardOutput(): void {
  closeSync(standardOutput);
  openSync(devNull, "w");
}

/** Writes synchronously. Ignores a closed reader, because the emulator is useful without one. */
function print(descriptor: number, text: string): void {
  try {
    writeSync(descriptor, text);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && (error.code === "EPIPE" || error.code === "EAGAIN"))) {
      throw error;
    }
  }
}

function packageVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(join(__dirname, "../../package.json"), "utf8"));
  return typeof manifest === "object" && manifest !== null && "version" in manifest
    ? String(manifest.version)
    : "";
}

function fail(error: unknown): void {
  if (!(error instanceof Error)) {
    throw error;
  }
  print(standardError, `outboundbot-emulator: ${error.message}\n`);
  process.exitCode = error instanceof EmulatorOptionError ? 2 : 1;
}

main().catch(fail);
