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
 * Node's default is a folder in the system's temporary directory, where another user might put compiled code first. If the folder
 * isn't writable, Node continues without a cache.
 */
const pulumiHome = process.env.PULUMI_HOME || expandHome("~/.pulumi");
if (pulumiHome !== undefined) {
  enableCompileCache?.(join(pulumiHome, "cache", "outboundbot"));
}

/** Writes the compile cache now, because the engine may kill the process and Node writes it only at exit. */
export function keepCompiled(): void {
  flushCompileCache?.();
}
