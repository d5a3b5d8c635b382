import { randomUUID } from "node:crypto";
import { chmod, open, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** Writes a file completely or not at all: an existing file stays until the new one is complete. */
export async function replaceFile(path: string, text: string, mode = 0o600): Promise<void> {
  // A file name is limited to 255 bytes, so the temporary name doesn't include the name of the target.
  const unfinished = join(dirname(path), `.${randomUUID()}.tmp`);
  try {
    await writeFile(unfinished, text, { mode, flag: "wx" });
    // The process may have a mask that takes away more.
    await chmod(unfinished, mode);
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => {});
    throw error;
  }
}

/**
 * Changes the text of an existing file, and keeps its owner, mode and links. A file that can't be replaced, such as one that is
 * mounted into a container, is written in place.
 */
export async function rewriteFile(path: string, text: string): Promise<void> {
  const target = await realpath(path);
  const { mode, nlink, uid, gid } = await stat(target);
  const isOwn = nlink === 1 && uid === process.getuid?.() && gid === process.getgid?.();
  const replaced =
    isOwn &&
    (await replaceFile(target, text, mode & 0o777).then(
      () => true,
      () => false,
    ));
  if (!replaced) {
    const file = await open(target, "r+");
    try {
      // Unlike `write`, continues until all bytes are written.
      await file.writeFile(text);
      await file.truncate(Buffer.byteLength(text));
    } finally {
      await file.close();
    }
  }
}
