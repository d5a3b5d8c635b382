// Helpers that the scripts of this folder share.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The root folder of the repository. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** The npm command. Runs npm through the current Node if possible, because on Windows `npm` is a shell script. */
export const npm = /npm-cli\.c?js$/.test(process.env.npm_execpath ?? "")
  ? [process.execPath, process.env.npm_execpath]
  : [process.platform === "win32" ? "npm.cmd" : "npm"];

/** Aborted when this process is asked to stop; the processes that it started stop too. */
export const stop = new AbortController();
for (const [name, number] of [
  ["SIGHUP", 1],
  ["SIGINT", 2],
  ["SIGTERM", 15],
]) {
  process.on(name, () => {
    process.exitCode = 128 + number;
    stop.abort();
  });
}

/**
 * Runs a command. Its process group is killed when this process ends, and after `timeout` milliseconds.
 *
 * @returns the exit status.
 */
export function start(command, args, { timeout, ...options } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: ["ignore", "inherit", "inherit"],
      ...options,
      detached: true,
    });
    const kill = (signal) => {
      try {
        process.kill(process.platform === "win32" ? child.pid : -child.pid, signal);
      } catch {
        // The process has already ended.
      }
    };
    const interrupt = () => {
      kill("SIGINT");
      setTimeout(kill, 5_000, "SIGKILL").unref();
    };
    const timer = timeout && setTimeout(kill, timeout, "SIGKILL");
    stop.signal.addEventListener("abort", interrupt, { once: true });
    child.once("error", reject);
    child.once("exit", (code) => {
      clearTimeout(timer);
      stop.signal.removeEventListener("abort", interrupt);
      kill("SIGKILL");
      resolve(code ?? 1);
    });
  });
}

/** Runs a command. If it fails, exits this process with the same status. */
export async function run(command, ...args) {
  const status = await start(command, args);
  if (status !== 0 || stop.signal.aborted) {
    process.exit(process.exitCode ?? status);
  }
}

/** Runs a command. @returns its output. @throws its output, when it fails. */
export function output(command, args, options = {}) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: "utf8", ...options });
  if (status !== 0) {
    throw new Error(`${command} ${args.join(" ")}\n${stdout ?? ""}${stderr ?? ""}${error ?? ""}`);
  }
  return stdout;
}

/** Creates a folder that is removed when this process ends. */
export function temporaryFolder(name) {
  const folder = mkdtempSync(join(tmpdir(), `outboundbot-${name}-`));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  return folder;
}

/** Installs the dependencies if they are missing or don't match package-lock.json. */
export async function install() {
  const installed = `${root}/node_modules/.package-lock.json`;
  const present = existsSync(installed) ? packagesOf(installed) : {};
  const isThere = ([path, { version, link, optional }]) =>
    !path.startsWith("node_modules/") || link || optional || present[path]?.version === version;
  if (!Object.entries(packagesOf(`${root}/package-lock.json`)).every(isThere)) {
    console.log("Installing dependencies (npm ci) …");
    await run(...npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error");
  }
}

/** Returns the packages in a lock file, by path. */
export function packagesOf(lockfile) {
  return JSON.parse(readFileSync(lockfile, "utf8")).packages;
}
