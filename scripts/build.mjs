// npm run build: installs what is missing and compiles src/ to an empty dist/, so that nothing of an earlier build is packed.
import { chmodSync, rmSync } from "node:fs";
import { install, root, run } from "./tools.mjs";

await install();
rmSync(`${root}/dist`, { recursive: true, force: true });
await run(process.execPath, "node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json");
for (const command of ["emulator", "plugin"]) {
  chmodSync(`${root}/dist/${command}/cli.js`, 0o755);
}
