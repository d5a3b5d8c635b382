// Packs what is built, as `npm publish` would.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { capture, Finding, temporaryFolder } from "./gate.mjs";
import { npm } from "./npm.mjs";

/** @returns the path of the tarball, in a folder that is removed when this process ends. */
export async function pack() {
  const folder = temporaryFolder("tarball");
  // --ignore-scripts: dist/ is built.
  const args = ["pack", "--ignore-scripts", "--pack-destination", folder];
  const { status, text } = await capture(npm.command, [...npm.args, ...args]);
  const [name] = readdirSync(folder);
  if (status !== 0 || name === undefined) {
    throw new Finding(text);
  }
  return join(folder, name);
}
