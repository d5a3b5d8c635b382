import Module from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";

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
enableCompileCache?.(join(process.env.PULUMI_HOME ?? join(homedir(), ".pulumi"), "cache", "outboundbot"));

/** Writes the compile cache now, because the engine may kill the process and Node writes it only at exit. */
export function keepCompiled(): void {
  flushCompileCache?.();
}
