import { lstat, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { replaceFile } from "../common/replaceFile.js";
import { expandHome } from "../common/textFile.js";
import { messageOf } from "../common/values.js";
import { OutputFileError } from "../errors/errors.js";

/**
 * Checks the path, before the lookup runs.
 *
 * @returns the absolute path; a leading `~/` is the home directory.
 * @throws OutputFileError when the folder doesn't exist, or the path isn't a regular file, such as a link or a device.
 */
export async function resolveOutputFile(file: string): Promise<string> {
  const expanded = expandHome(file);
  if (expanded === undefined) {
    throw new OutputFileError(`Writing outputFile ${file} failed: there is no home directory.`, {
      advice: "Set HOME, or set outputFile to a path without ~.",
    });
  }
  const path = resolve(expanded);
  if (path.includes("\0")) {
    throw new OutputFileError("Writing outputFile failed: the path contains a NUL character.", {
      advice: "Set outputFile to another path.",
    });
  }
  const folder = await stat(dirname(path)).catch(() => undefined);
  if (!folder?.isDirectory()) {
    throw new OutputFileError(`Writing outputFile ${path} failed: its folder does not exist.`, {
      advice: "Create the folder first.",
    });
  }
  const present = await lstat(path).catch(() => undefined);
  if (present !== undefined && !present.isFile()) {
    throw new OutputFileError(`Writing outputFile ${path} failed: it exists and is not a regular file.`, {
      advice: "Set outputFile to another path.",
    });
  }
  return path;
}

/**
 * Writes `content` as JSON, completely or not at all: an existing file stays until the new one is complete.
 *
 * @throws OutputFileError
 */
export async function writeOutputFile(path: string, content: unknown): Promise<void> {
  try {
    await replaceFile(path, `${JSON.stringify(content, undefined, 2)}\n`);
  } catch (error) {
    throw new OutputFileError(`Writing outputFile ${path} failed: ${messageOf(error)}.`);
  }
}
