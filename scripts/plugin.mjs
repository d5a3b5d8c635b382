// Builds the archive for `pulumi plugin install resource outboundbot VERSION --file ARCHIVE` in
// build/plugin, and links it under each name by which an engine downloads it from a release.
//
// An archive with a PulumiPlugin.yaml makes the engine run `npm install` in it. This one has none: it holds the executable and
// every module that it needs, so it installs without npm and a network, on every platform with Node.
import { chmodSync, cpSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packagesOf, root, run, temporaryFolder } from "./tools.mjs";

const { version } = JSON.parse(readFileSync(`${root}/package.json`, "utf8"));
const target = join(root, "build", "plugin");
const name = `pulumi-resource-outboundbot-v${version}`;
const archive = join(target, `${name}.tar.gz`);
const platforms = ["darwin", "linux", "windows"].flatMap((system) => [`${system}-amd64`, `${system}-arm64`]);

await run(process.execPath, `${root}/scripts/build.mjs`);
const folder = temporaryFolder("plugin");

for (const path of ["dist", "package.json", "LICENSE"]) {
  copy(path);
}
for (const path of neededModules()) {
  copy(path);
}
for (const executable of ["pulumi-resource-outboundbot", "pulumi-resource-outboundbot.cmd"]) {
  // In the npm package, the folder is next to dist; in an archive, the executable is.
  const text = readFileSync(join(root, "plugin", executable), "utf8").replace("../dist", "./dist");
  writeFileSync(join(folder, executable), text);
  chmodSync(join(folder, executable), 0o755);
}
rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
await run("tar", "-czf", archive, "-C", folder, ".");
for (const platform of platforms) {
  linkSync(archive, join(target, `${name}-${platform}.tar.gz`));
}
console.log(archive);

/** Returns the installed modules that users need: in package-lock.json, neither development dependencies nor workspaces. */
function neededModules() {
  return Object.entries(packagesOf(`${root}/package-lock.json`))
    .filter(
      ([path, { dev, devOptional, link }]) =>
        path.startsWith("node_modules/") && !dev && !devOptional && !link,
    )
    .map(([path]) => path);
}

/** Skips types and source maps, which only developers need. */
function copy(path) {
  cpSync(join(root, path), join(folder, path), {
    recursive: true,
    filter: (source) => !/\.(d\.[cm]?ts|map)$/.test(source) && !isNested(source, path),
  });
}

/** Modules inside a module have their own entries. */
function isNested(source, path) {
  return path.startsWith("node_modules/") && source.slice(join(root, path).length).includes("node_modules");
}
