// npm test: installs what is missing, builds, and runs every test; arguments go to mocha. COVERAGE=1 measures coverage as well.
import { install, root, run } from "./tools.mjs";

if (process.env.COVERAGE === "1") {
  await import("./coverage.mjs");
} else {
  await install();
  await run(process.execPath, [`${root}/scripts/build.mjs`]);
  await run(process.execPath, ["node_modules/mocha/bin/mocha.js", ...process.argv.slice(2)]);
}
