// npm test: installs what is missing, builds, and runs every test; arguments go to mocha.
import { install, root, run } from "./tools.mjs";

await install();
await run(process.execPath, [`${root}/scripts/build.mjs`]);
await run(process.execPath, ["node_modules/mocha/bin/mocha.js", ...process.argv.slice(2)]);
