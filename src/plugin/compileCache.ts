import { lstatSync, mkdirSync } from "node:fs";
import Module from "node:module";
import { join } from "node:path";
import { expandHome } from "../common/textFile.js";

/** Available from Node 22.8; the types come from the oldest supported version. */
interface CompileCache {
  readonly enableCompileCache?: (folder: string) => unknown;
  readonly flushCompileCache?: () => void;
}

const { enableCompileCache, flushCompileCache }: typeof Module & CompileCache = Module;

/**
 * Node's default is a folder in the system's temporary directory, where another user might put compiled code first. If no folder
 * can be used that only this user can write to, Node continues without a cache.
 */
const pulumiHome = process.env.PULUMI_HOME || expandHome("~/.pulumi");
const folder = pulumiHome === undefined ? undefined : join(pulumiHome, "cache", "outboundbot");
if (enableCompileCache !== undefined && folder !== undefined && isPrivate(folder)) {
  enableCompileCache(folder);
}

/** Creates the folder, whatever the umask is. Returns whether only this user can write to it. */
function isPrivate(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const status = lstatSync(folder);
    const isOwn = process.getuid === undefined || status.uid === process.getuid();
    return status.isDirectory() && isOwn && (process.platform === "win32" || (status.mode & 0o022) === 0);
  } catch {
    return false;
  }
}

/** Writes the compile cache now, because the engine may kill the process and Node writes it only at exit. */
export function keepCompiled(): void {
  flushCompileCache?.();
}
