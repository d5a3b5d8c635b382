// Generates the SDKs from the plugin's schema and packs them for publication: build/npm/*.tgz,
// build/python/* and build/go, the contents of the Go module. Needs a Pulumi engine on PATH, and Python with the package `build`.
// node scripts/sdks.mjs dotnet java: generates those SDKs in build/sdk, without packing.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { engineOnPath } from "./engine.mjs";
import { npm, output, root, run } from "./tools.mjs";

const sdks = join(root, "build", "sdk");
const page = "https://www.pulumi.com/registry/packages/outboundbot/";
const python = process.env.OUTBOUNDBOT_PYTHON ?? "python3";
const { version } = readJson(join(root, "package.json"));

const packers = { nodejs: packNode, python: packPython, go: packGo };
const languages = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(packers);

await run(process.execPath, `${root}/scripts/build.mjs`);
rmSync(sdks, { recursive: true, force: true });
mkdirSync(sdks, { recursive: true });
// With this flag, the generators write what package registries need: a version, and Go's go.mod.
const schema = { ...readJson(join(root, "dist/plugin/schema.json")), version, meta: { supportPack: true } };
writeFileSync(join(sdks, "schema.json"), JSON.stringify(schema));
const readme = `# ${schema.displayName} for Pulumi\n\n${schema.description}\n\nPrograms and settings: ${page}\n`;

for (const language of languages) {
  generate(language);
  packers[language]?.(join(sdks, language));
}

function generate(language) {
  const engine = engineOnPath();
  if (engine === undefined) {
    throw new Error("Generating the SDKs failed: pulumi is not on PATH. Install the Pulumi CLI.");
  }
  output(engine, ["package", "gen-sdk", "schema.json", "--language", language, "--out", "."], { cwd: sdks });
  for (const [name, text] of [
    ["README.md", readme],
    ["LICENSE", readFileSync(join(root, "LICENSE"), "utf8")],
  ]) {
    writeFileSync(join(sdks, language, name), text);
  }
}

/** Compiles with this repository's compiler and Pulumi SDK, so that nothing needs to be installed. */
function packNode(folder) {
  const maps = ["--sourceMap", "false", "--declarationMap", "false"]; // Their sources are not packed.
  output(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", folder, ...maps]);
  const { scripts, devDependencies, repository, ...manifest } = readJson(join(folder, "package.json"));
  // npm provenance requires this form of the repository URL.
  const git = repository && { repository: { type: "git", url: `git+${repository}.git` } };
  writeFileSync(join(folder, "bin/package.json"), JSON.stringify({ ...manifest, ...git }, null, 2));
  for (const name of ["README.md", "LICENSE"]) {
    cpSync(join(folder, name), join(folder, "bin", name));
  }
  const target = emptied("npm");
  const [command, ...args] = npm;
  output(command, [...args, "pack", "--ignore-scripts", "--pack-destination", target, join(folder, "bin")]);
}

function packPython(folder) {
  output(python, ["-m", "build", "--outdir", emptied("python"), folder]);
}

function packGo(folder) {
  cpSync(folder, emptied("go"), { recursive: true });
}

function emptied(name) {
  const folder = join(root, "build", name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  console.log(folder);
  return folder;
}

function readJson(file) {
  return JSON.parse(readFileSync(file, "utf8"));
}
