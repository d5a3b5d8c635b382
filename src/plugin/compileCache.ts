import Module from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";

/** From Node 22.8 on; the types are those of the oldest supported version. */
interface CompileCache {
  readonly enableCompileCache?: (folder: string) => unknown;
  readonly flushCompileCache?: () => void;
}

const { enableCompileCache, flushCompileCache }: typeof Module & CompileCache = Module;

/**
 * Not Node's default, a folder below the system's temporary one, in which another user might put compiled code first. Where the
 * folder can't be written, Node goes on without.
 */
enableCompileCache?.(join(process.env.PULUMI_HOME ?? join(homedir(), ".pulumi"), "cache", "outboundbot"));

/** Keeps what was compiled so far. The engine may kill the process, which would lose what Node keeps at its exit. */
export function keepCompiled(): void {
  flushCompileCache?.();
}
