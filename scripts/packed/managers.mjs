// The package managers that install the tarball, each taken from the npm registry into a temporary folder.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { capture, Finding, output, temporaryFolder } from "../gate.mjs";
import { npm } from "../npm.mjs";

/** A package of the vendor's SDK requires this one and does not declare it (docs/compatibility.md). */
const undeclared = `packageExtensions:
  "@alicloud/credentials@*":
    dependencies:
      debug: "*"
`;

const caches = temporaryFolder("caches");
const yarnSettings = "enableImmutableInstalls: false\nenableScripts: false\nenableTelemetry: false\n";

/** `files` are written into the project before it is installed. */
export const managers = [
  { name: "npm", install: ["install", "--ignore-scripts", "--no-audit", "--no-fund"] },
  { name: "pnpm", from: "pnpm@12", bin: "pnpm", install: pnpmInstall() },
  {
    name: "pnpm without hoisting",
    from: "pnpm@12",
    bin: "pnpm",
    install: pnpmInstall(),
    files: { "pnpm-workspace.yaml": `hoist: false\n${undeclared}` },
  },
  {
    name: "yarn 1",
    from: "yarn@1",
    bin: "yarn",
    install: ["install", "--ignore-scripts", "--non-interactive", "--cache-folder", join(caches, "yarn-1")],
  },
  {
    name: "yarn 4, node-modules",
    from: "@yarnpkg/cli-dist@4",
    bin: "yarn",
    install: ["install"],
    files: { "yarn.lock": "", ".yarnrc.yml": `nodeLinker: node-modules\n${yarnSettings}` },
  },
  {
    name: "yarn 4, Plug'n'Play",
    from: "@yarnpkg/cli-dist@4",
    bin: "yarn",
    install: ["install"],
    files: { "yarn.lock": "", ".yarnrc.yml": `nodeLinker: pnp\n${yarnSettings}${undeclared}` },
    /** What `yarn node` sets: Node alone knows nothing of packages that are in no folder. */
    environment: (folder) => ({
      NODE_OPTIONS: `--require ${join(folder, ".pnp.cjs")} --experimental-loader ${pathToFileURL(join(folder, ".pnp.loader.mjs"))}`,
      NODE_NO_WARNINGS: "1",
    }),
    inArchives: true,
  },
];

function pnpmInstall() {
  return ["install", "--ignore-scripts", "--store-dir", join(caches, "pnpm")];
}

let registry;
const obtained = new Map();

/** @returns what runs the package manager, or `undefined` when it cannot be had. */
export async function obtain({ from, bin }) {
  registry ??= (await output(npm.command, [...npm.args, "config", "get", "registry"])).trim();
  if (from === undefined) {
    return npm;
  }
  if (!obtained.has(from)) {
    const folder = temporaryFolder(bin);
    const quiet = ["--no-save", "--no-audit", "--no-fund"];
    const args = [...npm.args, "install", "--prefix", folder, ...quiet, from];
    const { status } = await capture(npm.command, args);
    const command = join(folder, "node_modules", ".bin", bin);
    obtained.set(from, status === 0 ? { command, args: [] } : undefined);
  }
  return obtained.get(from);
}

/** Installs what the project in a folder asks for. */
export async function installWith(manager, tool, folder) {
  for (const [name, text] of Object.entries(manager.files ?? {})) {
    writeFileSync(join(folder, name), text);
  }
  const { status, text } = await capture(tool.command, [...tool.args, ...manager.install], {
    cwd: folder,
    env: toolEnvironment(),
  });
  if (status !== 0) {
    throw new Finding(text);
  }
}

/** How a command of an installed package is run. */
export async function commandOf({ inArchives }, tool, folder, name) {
  if (!inArchives) {
    return [join(folder, "node_modules", ".bin", name)];
  }
  const options = { cwd: folder, env: toolEnvironment() };
  return [process.execPath, (await output(tool.command, [...tool.args, "bin", name], options)).trim()];
}

/** Each manager has a name of its own for the registry that npm uses. */
function toolEnvironment() {
  return {
    ...process.env,
    npm_config_registry: registry,
    YARN_NPM_REGISTRY_SERVER: registry,
    YARN_GLOBAL_FOLDER: join(caches, "yarn-4"),
  };
}
