// npm run pack:check: what users get, in the projects and with the package managers that they have (packed/check.mjs). Unlike the
// tests, it asks the npm registry for the package managers and the dependencies.
import { install, root, run } from "./tools.mjs";

await install();
await run(process.execPath, [`${root}/scripts/build.mjs`]);
await run(process.execPath, [
  "--import",
  "tsx",
  `${root}/scripts/packed/check.mjs`,
  ...process.argv.slice(2),
]);
