// What the scripts of this folder share.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the repository. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** npm, through the Node that runs this where possible: a bare name is a shell script on Windows. */
export const npm = /npm-cli\.c?js$/.test(process.env.npm_execpath ?? "")
  ? [process.execPath, process.env.npm_execpath]
  : [process.platform === "win32" ? "npm.cmd" : "npm"];

/** Aborted when this process is asked to end; what it started ends with it. */
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
 * Runs a command. Its process group ends with this process, and after `timeout` milliseconds.
 *
 * @returns its exit status.
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
        // It has ended by itself.
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

/** Runs a command, and ends this process with the same status when it fails. */
export async function run(command, ...args) {
  const status = await start(command, args);
  if (status !== 0 || stop.signal.aborted) {
    process.exit(process.exitCode ?? status);
  }
}

/** Runs a command to its end. @returns what it writes. @throws what it writes, when it fails. */
export function output(command, args, options = {}) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: "utf8", ...options });
  if (status !== 0) {
    throw new Error(`${command} ${args.join(" ")}\n${stdout ?? ""}${stderr ?? ""}${error ?? ""}`);
  }
  return stdout;
}

/** A folder that is removed when this process ends. */
export function temporaryFolder(name) {
  const folder = mkdtempSync(join(tmpdir(), `outboundbot-${name}-`));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  return folder;
}

/** Installs the dependencies when they are missing, or not those of package-lock.json. */
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

/** The packages that a lock file names, by their path. */
export function packagesOf(lockfile) {
  return JSON.parse(readFileSync(lockfile, "utf8")).packages;
}
