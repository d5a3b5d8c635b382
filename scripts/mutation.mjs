// npm run mutation: whether the tests of src/listing and of the pacing notice when a line of it is changed. Arguments go to Stryker.
import { install, root, run } from "./tools.mjs";

await install();
await run(process.execPath, [
  `${root}/node_modules/@stryker-mutator/core/bin/stryker.js`,
  "run",
  ...process.argv.slice(2),
]);
