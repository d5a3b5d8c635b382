import assert from "node:assert/strict";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { root } from "./child.js";

/** Fails when dist/ isn't the current build of src/. For tests of what is published; `npm test` builds first. */
export function assertBuilt(): void {
  for (const entry of readdirSync(join(root, "src"), { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) {
      const source = join(entry.parentPath, entry.name);
      // The code is bundled, but each module has its own declaration file.
      const compiled = source.replace(join(root, "src"), join(root, "dist")).replace(/\.ts$/, ".d.ts");
      const builtAt = statSync(compiled, { throwIfNoEntry: false })?.mtimeMs ?? 0;
      assert.ok(builtAt > statSync(source).mtimeMs, `${compiled} is missing or old: run npm run build`);
    }
  }
}
