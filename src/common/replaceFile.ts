import { randomUUID } from "node:crypto";
import { rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** Writes a file completely or not at all: an existing file stays until the new one is complete. */
export async function replaceFile(path: string, text: string, mode = 0o600): Promise<void> {
  // A file name is limited to 255 bytes, so the temporary name doesn't include the name of the target.
  const unfinished = join(dirname(path), `.${randomUUID()}.tmp`);
  try {
    await writeFile(unfinished, text, { mode, flag: "wx" });
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => {});
    throw error;
  }
}
