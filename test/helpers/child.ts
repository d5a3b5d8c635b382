import { spawn } from "node:child_process";
import { join } from "node:path";

export const root = join(__dirname, "..", "..");

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The time between the last line of output and the end of the process, in milliseconds. */
  readonly lingered: number;
}

/** Returns this process's environment with changes; `undefined` removes a variable. */
export function environment(changes: Readonly<Record<string, string | undefined>>): NodeJS.ProcessEnv {
  return { ...process.env, ...changes };
}

/** Runs a command until it ends. Kills it after `timeout`, so that a failing test leaves no process behind. */
export function run(
  command: string,
  args: readonly string[],
  {
    cwd = root,
    env = process.env,
    timeout = 170_000,
  }: { cwd?: string; env?: NodeJS.ProcessEnv; timeout?: number } = {},
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    let [stdout, stderr] = ["", ""];
    let last = performance.now();
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      last = performance.now();
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    const timer = setTimeout(() => child.kill("SIGKILL"), timeout);
    child.once("error", reject);
    let exitedAt = 0;
    child.once("exit", () => {
      exitedAt = performance.now();
    });
    child.once("close", (status) => {
      clearTimeout(timer);
      resolve({ status, stdout, stderr, lingered: exitedAt - last });
    });
  });
}

/** Runs an ES module given as text, with the functions of this package in scope. */
export function runProgram(text: string, changes: Readonly<Record<string, string | undefined>> = {}) {
  const imports = 'import lookup from "./src/index.ts"; const { getInstances, listInstances } = lookup;';
  const args = ["--import", "tsx", "--input-type=module", "--eval", `${imports}\n${text}`];
  return run(process.execPath, args, { env: environment(changes) });
}
