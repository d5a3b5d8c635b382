import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { codeOf } from "./values.js";

/** Returns the home directory; `undefined` for a user without one, as in many containers. */
function homeDirectory(): string | undefined {
  try {
    return process.env.HOME || homedir();
  } catch {
    return undefined;
  }
}

/** Replaces a leading `~` with the home directory. Returns `undefined` when there is none. */
export function expandHome(path: string, home: string | undefined = homeDirectory()): string | undefined {
  return /^~(?=$|[/\\])/.test(path) ? home && join(home, path.slice(1)) : path;
}

/** The text of a file, or what is wrong with the file, without any of its text. */
export interface TextFile {
  readonly path: string;
  readonly text?: string;
  readonly problem?: string;
}

/** Reads a regular file in UTF-8, which isn't empty. A leading `~` is the home directory. */
export function readTextFile(given: string, home?: string): TextFile {
  const path = expandHome(given, home);
  if (path === undefined) {
    return { path: given, problem: "can't be found, because there is no home directory. Set HOME" };
  }
  try {
    const bytes = readRegularFile(path);
    const isUtf16 = ["fffe", "feff"].includes(bytes.subarray(0, 2).toString("hex"));
    const text = bytes.toString("utf8").replace(/^\uFEFF/, "");
    const problem = isUtf16 ? "is encoded in UTF-16; save it in UTF-8" : "is empty";
    return isUtf16 || text.trim() === "" ? { path, problem } : { path, text };
  } catch (error) {
    const code = codeOf(error);
    return { path, problem: code === "ENOENT" ? "doesn't exist" : `can't be read (${code})` };
  }
}

function readRegularFile(path: string): Buffer {
  // Without this flag, which Windows doesn't have, opening a named pipe waits until something writes to it.
  const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    if (!fstatSync(file).isFile()) {
      throw Object.assign(new Error("not a regular file"), { code: "not a regular file" });
    }
    return readFileSync(file);
  } finally {
    closeSync(file);
  }
}
