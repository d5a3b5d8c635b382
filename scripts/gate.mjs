// Runs a gate: says its name, how long it took and what it found, and shows its whole output only when it fails.
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { start, stop } from "./tools.mjs";

const folder = mkdtempSync(join(tmpdir(), "outboundbot-gates-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));

const failed = [];

/** A folder that is removed when this process ends. */
export function temporaryFolder(name) {
  return mkdtempSync(join(folder, `${name}-`));
}

/**
 * @param find finds what is wrong and throws it as a {@link Finding}; what it returns is printed beside the name.
 */
export async function gate(name, find) {
  if (stop.signal.aborted) {
    return;
  }
  const began = performance.now();
  try {
    const detail = await find();
    const seconds = ((performance.now() - began) / 1_000).toFixed(1);
    console.log(`ok      ${name} (${seconds} s)${detail ? `: ${detail}` : ""}`);
  } catch (error) {
    failed.push(name);
    console.log(`FAILED  ${name}\n${error instanceof Finding ? error.message : (error.stack ?? error)}`);
  }
}

/** Says how all gates ended, and ends this process with status 1 when one failed. */
export function report() {
  if (stop.signal.aborted) {
    return;
  }
  console.log(failed.length === 0 ? "every gate passed" : `failed: ${failed.join(", ")}`);
  process.exitCode = failed.length === 0 ? 0 : 1;
}

/** What a gate has to say against the code, without a stack of the gate. */
export class Finding extends Error {}

/** Runs a command and keeps what it says. @returns its exit status and its output. */
export async function capture(command, args, { stdout, ...options } = {}) {
  const path = join(temporaryFolder("output"), "text");
  const file = openSync(path, "w");
  try {
    const status = await start(command, args, { stdio: ["ignore", stdout ?? file, file], ...options });
    return { status, text: readFileSync(path, "utf8") };
  } finally {
    closeSync(file);
  }
}

/** Runs a command. @returns what it writes to standard output. @throws all that it says, when it fails. */
export async function output(command, args, options = {}) {
  const path = join(temporaryFolder("output"), "text");
  const file = openSync(path, "w");
  try {
    const { status, text } = await capture(command, args, { ...options, stdout: file });
    const written = readFileSync(path, "utf8");
    if (status !== 0) {
      throw new Finding(`${command} ${args.join(" ")}\n${written}${text}`);
    }
    return written;
  } finally {
    closeSync(file);
  }
}

/** Runs a file with Node. @returns its output. @throws its output, when it fails. */
export async function node(...args) {
  const { status, text } = await capture(process.execPath, args);
  if (status !== 0) {
    throw new Finding(text);
  }
  return text;
}
