// npm run check: every gate that needs no test run. Installs what is missing.
import { install, run } from "./tools.mjs";

await install();
await run(process.execPath, ["scripts/build.mjs"]);
await run(process.execPath, ["node_modules/@biomejs/biome/bin/biome", "check", "--error-on-warnings", "."]);
await run(process.execPath, ["node_modules/typescript/bin/tsc", "--noEmit"]);
