import { execFile } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { mkdir } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { installProject, type Layout } from "./installed.js";

/** The Pulumi engine on PATH, if any. npm's launcher in `node_modules` doesn't count. */
export const engine = (process.env.PATH ?? "")
  .split(delimiter)
  .filter((folder) => !folder.includes("node_modules"))
  .map((folder) => join(folder, process.platform === "win32" ? "pulumi.exe" : "pulumi"))
  .find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });

/** Added to the title of a suite that needs an engine when there is none. */
export const whyPending = engine === undefined ? " (pending: no pulumi on PATH)" : "";

/** A `before` hook that skips the suite without an engine, or fails it if REQUIRE_PULUMI=1. */
export function needsEngine(this: Mocha.Context): void {
  if (engine === undefined) {
    if (process.env.REQUIRE_PULUMI === "1") {
      throw new Error("REQUIRE_PULUMI=1, but there is no pulumi on PATH");
    }
    this.skip();
  }
}

/** One finished command of the engine. */
export interface Run {
  readonly ok: boolean;
  /** The output of both streams. */
  readonly text: string;
  readonly stdout: string;
}

/** A stack in a temporary folder, with its own state. */
export interface Stack extends AsyncDisposable {
  /** The folder of the project. */
  readonly folder: string;
  run(args: readonly string[], environment?: NodeJS.ProcessEnv): Promise<Run>;
}

/** Creates a project of the program with this package installed, and a stack. */
export async function createStack(
  program: string,
  environment: NodeJS.ProcessEnv,
  layout: Layout = "npm",
): Promise<Stack> {
  const project = await installProject(layout, {
    "Pulumi.yaml": "name: lookup\nruntime: nodejs\n",
    "package.json": JSON.stringify({ name: "lookup", main: "index.js" }),
    "index.js": program,
  });
  const state = join(project.folder, "state");
  await mkdir(state);
  const settings = {
    PATH: process.env.PATH,
    HOME: project.folder,
    PULUMI_HOME: join(project.folder, "home"),
    PULUMI_BACKEND_URL: `file://${state}`,
    PULUMI_CONFIG_PASSPHRASE: "",
    PULUMI_SKIP_UPDATE_CHECK: "1",
    ALIBABA_CLOUD_ECS_METADATA_DISABLED: "true",
  };
  const stack: Stack = {
    folder: project.folder,
    run: (args, more = environment) =>
      new Promise((resolve) => {
        execFile(
          engine ?? "pulumi",
          [...args, "--non-interactive"],
          { cwd: project.folder, env: { ...settings, ...more }, maxBuffer: 1 << 28 },
          (error, stdout, stderr) => resolve({ ok: error === null, text: stdout + stderr, stdout }),
        );
      }),
    [Symbol.asyncDispose]: () => project[Symbol.asyncDispose](),
  };
  const { ok, text } = await stack.run(["stack", "init", "test"]);
  if (!ok) {
    throw new Error(text);
  }
  return stack;
}
