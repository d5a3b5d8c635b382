import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Ended, run } from "./child.js";
import { npm } from "./npm.js";

/** A package manager from the npm registry. */
export interface Manager {
  readonly name: string;
  /** The package that installs it; npm is already there. */
  readonly from?: string;
  readonly install: readonly string[];
  /** The files that the project needs for it. */
  readonly files?: Readonly<Record<string, string>>;
  /** The environment with which Node finds packages that aren't in a folder. */
  readonly environment?: (project: string) => NodeJS.ProcessEnv;
}

const caches = temporaryFolder("caches");

/** One of each kind: a flat node_modules, links without hoisting, the oldest installer still in use, and no node_modules. */
export const managers: readonly Manager[] = [
  { name: "npm", install: ["install", "--ignore-scripts", "--no-audit", "--no-fund"] },
  {
    name: "pnpm without hoisting",
    from: "pnpm@12",
    install: ["install", "--ignore-scripts", "--store-dir", join(caches, "pnpm")],
    files: { "pnpm-workspace.yaml": "hoist: false\n" },
  },
  {
    name: "yarn 1",
    from: "yarn@1",
    install: ["install", "--ignore-scripts", "--non-interactive", "--cache-folder", join(caches, "yarn-1")],
  },
  {
    name: "yarn 4, Plug'n'Play",
    from: "@yarnpkg/cli-dist@4",
    install: ["install"],
    files: {
      "yarn.lock": "",
      ".yarnrc.yml":
        "nodeLinker: pnp\nenableImmutableInstalls: false\nenableScripts: false\nenableTelemetry: false\n",
    },
    environment: (project) => ({
      NODE_OPTIONS: `--require ${join(project, ".pnp.cjs")} --experimental-loader ${pathToFileURL(join(project, ".pnp.loader.mjs"))}`,
      NODE_NO_WARNINGS: "1",
    }),
  },
];

/** Creates a folder that is removed when this process ends. */
export function temporaryFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `outboundbot-${name}-`));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  return folder;
}

/** Runs a command until it ends. @throws its output, when it fails. */
export async function output(
  command: string,
  args: readonly string[],
  options: Parameters<typeof run>[2] = {},
) {
  const ended: Ended = await run(command, args, { timeout: 180_000, ...options });
  if (ended.status !== 0) {
    throw new Error(`${command} ${args.join(" ")}\n${ended.stdout}${ended.stderr}`);
  }
  return ended.stdout;
}

/** Installs packages from the registry into a separate folder. @returns its node_modules. */
export async function fromRegistry(...packages: readonly string[]): Promise<string> {
  const folder = temporaryFolder("tool");
  const [command, ...args] = npm("install", "--no-save", "--no-audit", "--no-fund", "--prefix", folder);
  await output(command, [...args, ...packages]);
  return join(folder, "node_modules");
}

/** Installs the dependencies of the project in a folder. */
export async function installWith(manager: Manager, project: string): Promise<void> {
  for (const [name, text] of Object.entries(manager.files ?? {})) {
    writeFileSync(join(project, name), text);
  }
  const [command = "", ...args] = await commandOf(manager);
  const [npmCommand, ...npmArgs] = npm("config", "get", "registry");
  const registry = (await output(npmCommand, npmArgs)).trim();
  const env = {
    ...process.env,
    npm_config_registry: registry,
    YARN_NPM_REGISTRY_SERVER: registry,
    YARN_GLOBAL_FOLDER: join(caches, "yarn-4"),
  };
  await output(command, [...args, ...manager.install], { cwd: project, env });
}

async function commandOf({ from }: Manager): Promise<readonly string[]> {
  if (from === undefined) {
    return npm();
  }
  const modules = await fromRegistry(from);
  return [join(modules, ".bin", from.startsWith("pnpm") ? "pnpm" : "yarn")];
}
