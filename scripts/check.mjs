// npm run check: every gate that needs no test run. Installs what is missing.
import { readFileSync, statSync } from "node:fs";
import { audit } from "./audit.mjs";
import { Finding, gate, node, report, temporaryFolder } from "./gate.mjs";
import { pack } from "./pack.mjs";
import { checkLicences, runtimeDependencies } from "./runtimeDependencies.mjs";
import { install, root, run } from "./tools.mjs";

/** The tarball may grow to this. Above it somebody should look at what was packed. */
const mostBytes = 500_000;

await install();
await run(process.execPath, ["scripts/build.mjs"]);
// Loads what was only just installed.
const { checkApi } = await import("./api.mjs");
const { checkDocs } = await import("./docs.mjs");
await gate("the public names and types are those in api/ (npm run api)", checkApi);
await gate("every export is documented, and every own link leads somewhere (npm run docs)", async () => {
  const { summary } = await checkDocs(temporaryFolder("site"));
  return summary;
});
await gate("files, exports and dependencies that nothing uses (knip)", async () => {
  await node("node_modules/knip/bin/knip.js", "--no-progress", "--treat-config-hints-as-errors");
});
let tarball;
await gate("format, lint and the direction of imports", async () => {
  await node("node_modules/@biomejs/biome/bin/biome", "check", "--error-on-warnings", ".");
});
await gate("types of sources, tests, examples and benchmarks", async () => {
  await node("node_modules/typescript/bin/tsc", "--noEmit");
});
await gate("package size", async () => {
  tarball = await pack();
  const { size } = statSync(tarball);
  if (size > mostBytes) {
    throw new Finding(`The tarball has ${size} bytes, more than ${mostBytes}.`);
  }
  return `${Math.round(size / 1_000)} kB packed`;
});
await gate("what is packed (publint)", async () => {
  await node("node_modules/publint/src/cli.js", tarball, "--strict");
});
await gate("its types for CommonJS and ES modules (are the types wrong?)", async () => {
  await node(
    "node_modules/@arethetypeswrong/cli/dist/index.js",
    tarball,
    "--profile",
    "node16",
    "--no-color",
  );
});
await gate("licences of runtime dependencies", checkLicences);
await gate("number of runtime dependencies", () => {
  const { dependencies } = JSON.parse(readFileSync(`${root}/package.json`, "utf8"));
  const count = Object.keys(dependencies).length;
  return `${count} direct, ${runtimeDependencies().length} with theirs`;
});
await gate("known holes in runtime dependencies (npm audit)", audit);
report();
