#!/usr/bin/env node
import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import { devNull } from "node:os";
import { join } from "node:path";
import type { CallRecord } from "./callLog.js";
import { helpText, readCommandLine } from "./cliOptions.js";
import { type Emulator, startEmulator } from "./emulator.js";
import { EmulatorOptionError } from "./optionError.js";
import type { EmulatorOptions } from "./options.js";

const standardOutput = 1;
const standardError = 2;

async function main(): Promise<void> {
  const command = readCommandLine(process.argv.slice(2));
  switch (command.run) {
    case "help":
      return print(standardOutput, helpText());
    case "version":
      return print(standardOutput, `${packageVersion()}\n`);
    case "emulator":
      return run(command.options, command.log);
  }
}

async function run(options: EmulatorOptions, log: boolean): Promise<void> {
  const emulator = await startEmulator(log ? { ...options, onCall: logCall } : options);
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => void emulator.close().then(() => process.exit(0)));
  }
  const count = emulator.instances.length;
  print(
    standardError,
    `OutboundBot emulator with ${count} ${count === 1 ? "instance" : "instances"} at ${emulator.endpoint}. ` +
      `To stop it, press Ctrl-C, or run kill ${process.pid} if it runs in the background.\n`,
  );
  print(standardOutput, exportLines(emulator));
  closeStandardOutput();
}

function exportLines({ environment }: Emulator): string {
  return Object.entries(environment)
    .map(([name, value]) => `export ${name}=${shellQuoted(value)}\n`)
    .join("");
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

function logCall({
  time,
  action,
  pageNumber,
  pageSize,
  status,
  code,
  accessKeyId,
  faults,
}: CallRecord): void {
  const parts = [
    new Date(time).toISOString(),
    action ?? "-",
    `page=${pageNumber ?? "-"}`,
    `size=${pageSize ?? "-"}`,
    `status=${status ?? "-"}`,
    `code=${code ?? "-"}`,
    `key=${accessKeyId ?? "-"}`,
    ...(faults.length > 0 ? [`faults=${faults.join(",")}`] : []),
  ];
  // A value from a caller may contain anything, including line breaks.
  print(standardError, `${parts.map((part) => part.replaceAll(/[^\x20-\x7e]/g, "?")).join(" ")}\n`);
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
  print(standardError, `outboundbot-emulator: ${sentence(error)}\n`);
  process.exitCode = error instanceof EmulatorOptionError ? 2 : 1;
}

function sentence(error: Error): string {
  const code = "code" in error ? error.code : undefined;
  const address = "port" in error && "address" in error ? ` on ${error.address}:${error.port}` : "";
  if (code === "EADDRINUSE") {
    return `Listening${address} failed: the port is in use. Choose another port, or 0 for a free one.`;
  }
  if (code === "EACCES") {
    return `Listening${address} failed: permission denied. Choose another port, or 0 for a free one.`;
  }
  return error.message;
}

main().catch(fail);
