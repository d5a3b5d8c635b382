// npm run check:package: packs the package as `npm publish` would, and checks its size, its exports and its types.
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { npm, output, run, temporaryFolder } from "./tools.mjs";

/** A larger package needs a look at what was packed. */
const mostBytes = 500_000;

/** @returns the path of the tarball, in a folder that is removed when this process ends. Needs the build. */
export function pack() {
  const folder = temporaryFolder("tarball");
  const [command, ...args] = npm;
  output(command, [...args, "pack", "--ignore-scripts", "--pack-destination", folder]);
  return join(folder, readdirSync(folder)[0]);
}

if (import.meta.filename === process.argv[1]) {
  const tarball = pack();
  const { size } = statSync(tarball);
  if (size > mostBytes) {
    throw new Error(`The tarball has ${size} bytes, expected at most ${mostBytes}. Check what it contains.`);
  }
  console.log(`${Math.round(size / 1_000)} kB packed`);
  await run(process.execPath, "node_modules/publint/src/cli.js", tarball, "--strict");
  const types = "node_modules/@arethetypeswrong/cli/dist/index.js";
  await run(process.execPath, types, tarball, "--profile", "node16", "--no-color");
}
