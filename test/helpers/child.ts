import { spawn } from "node:child_process";
import { join } from "node:path";

export const root = join(__dirname, "..", "..");

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** How long the process lived on after its last line of output, in milliseconds. */
  readonly lingered: number;
}

/** The environment of this process, with changes; `undefined` takes a variable out. */
export function environment(changes: Readonly<Record<string, string | undefined>>): NodeJS.ProcessEnv {
  return { ...process.env, ...changes };
}

/** Runs a command to its end. Ends it by force after `timeout`, so that a test that fails leaves no process behind. */
export function run(
  command: string,
  args: readonly string[],
  {
    cwd = root,
    env = process.env,
    timeout = 50_000,
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

/** Runs an ES module, given as text, that has the functions of this package. */
export function runProgram(text: string, changes: Readonly<Record<string, string | undefined>> = {}) {
  const imports = 'import lookup from "./src/index.ts"; const { getInstances, listInstances } = lookup;';
  const args = ["--import", "tsx", "--input-type=module", "--eval", `${imports}\n${text}`];
  return run(process.execPath, args, { env: environment(changes) });
}
