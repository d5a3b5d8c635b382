// npm run package:plugin: builds the archive that `pulumi plugin install resource outboundbot VERSION --file ARCHIVE` takes.
//
// An archive with a PulumiPlugin.yaml makes the engine run `npm install` in it. This one has none: it holds the executable
// and every module that it needs, so that it installs without npm and without a network, on every platform that has Node.
import { chmodSync, cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packagesOf, root, run, temporaryFolder } from "./tools.mjs";

const { version } = JSON.parse(readFileSync(`${root}/package.json`, "utf8"));
const archive = join(root, "build", `pulumi-resource-outboundbot-v${version}.tar.gz`);

await run(process.execPath, `${root}/scripts/build.mjs`);
const folder = temporaryFolder("plugin");

for (const name of ["dist", "package.json", "LICENSE"]) {
  copy(name);
}
for (const path of neededModules()) {
  copy(path);
}
for (const [name, from] of [
  ["pulumi-resource-outboundbot", "../dist"],
  ["pulumi-resource-outboundbot.cmd", "../dist"],
]) {
  // The folder of the npm package stands beside dist; in an archive the executable does.
  const text = readFileSync(join(root, "plugin", name), "utf8").replace(from, "./dist");
  writeFileSync(join(folder, name), text);
  chmodSync(join(folder, name), 0o755);
}
mkdirSync(join(root, "build"), { recursive: true });
await run("tar", "-czf", archive, "-C", folder, ".");
console.log(archive);

/** The installed modules that package-lock.json gives to users: neither for development nor of a workspace. */
function neededModules() {
  return Object.entries(packagesOf(`${root}/package-lock.json`))
    .filter(
      ([path, { dev, devOptional, link }]) =>
        path.startsWith("node_modules/") && !dev && !devOptional && !link,
    )
    .map(([path]) => path);
}

/** Types and source maps are for people who write programs; a plugin only runs. */
function copy(path) {
  cpSync(join(root, path), join(folder, path), {
    recursive: true,
    filter: (source) => !/\.(d\.[cm]?ts|map)$/.test(source) && !isNested(source, path),
  });
}

/** Modules below a module have entries of their own. */
function isNested(source, path) {
  return path.startsWith("node_modules/") && source.slice(join(root, path).length).includes("node_modules");
}
