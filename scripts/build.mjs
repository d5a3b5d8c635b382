// Compiles src/ to dist/, from an empty dist/, so that nothing of an earlier build is packed.
import { chmodSync, rmSync } from "node:fs";
import { root, run } from "./tools.mjs";

rmSync(`${root}/dist`, { recursive: true, force: true });
await run(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json"]);
for (const command of ["emulator", "plugin"]) {
  chmodSync(`${root}/dist/${command}/cli.js`, 0o755);
}
