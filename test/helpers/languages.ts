import { execFile } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { cp, mkdir, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { engine, type Run, type Stack } from "./engine.js";
import { installProject } from "./installed.js";

const root = resolve(__dirname, "../..");

/** Returns whether the engine has a language host on PATH, next to the engine. */
export function hasHost(language: string): boolean {
  return (process.env.PATH ?? "").split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, `pulumi-language-${language}`), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** A project of another language, in whose folder npm installed this package. */
export interface LanguageProject extends Stack {
  readonly folder: string;
}

/** Creates what a user has after copying an example and running `npm install pulumi-outboundbot` in it, plus `files`. */
export async function createProject(
  example: "python" | "go" | "yaml" | "hcl",
  environment: NodeJS.ProcessEnv,
  files: Record<string, string> = {},
): Promise<LanguageProject> {
  const project = await installProject("npm");
  const { folder } = project;
  await cp(join(root, "plugin"), join(folder, "node_modules/pulumi-outboundbot/plugin"), { recursive: true });
  await cp(join(root, "examples", example), folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    await writeFile(join(folder, name), text);
  }
  await mkdir(join(folder, "state"));
  const home = process.env.HOME ?? homedir();
  const settings = {
    PATH: process.env.PATH,
    HOME: home,
    // Downloads of the languages' package managers are kept between tests.
    GOFLAGS: "-modcacherw",
    PULUMI_HOME: join(folder, "home"),
    PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
    PULUMI_CONFIG_PASSPHRASE: "",
    PULUMI_SKIP_UPDATE_CHECK: "1",
    ALIBABA_CLOUD_ECS_METADATA_DISABLED: "true",
  };
  return {
    folder,
    run: (args, more = environment) => runEngine(args, folder, { ...settings, ...more }),
    [Symbol.asyncDispose]: () => project[Symbol.asyncDispose](),
  };
}

function runEngine(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<Run> {
  return new Promise((done) => {
    execFile(
      engine ?? "pulumi",
      [...args, "--non-interactive"],
      { cwd, env, maxBuffer: 1 << 28 },
      (error, stdout, stderr) => done({ ok: error === null, text: stdout + stderr, stdout }),
    );
  });
}
