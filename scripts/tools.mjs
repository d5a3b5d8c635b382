// What the scripts of this folder share.
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { npm } from "./npm.mjs";

/** The folder of the repository. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

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
 * Runs a command. Its process, and all that it starts, end when this one is asked to.
 *
 * @returns its exit status.
 */
export function start(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: ["ignore", "inherit", "inherit"],
      ...options,
      detached: true,
    });
    const interrupt = () => {
      killGroup(child, "SIGINT");
      setTimeout(() => killGroup(child, "SIGKILL"), 5_000).unref();
    };
    stop.signal.addEventListener("abort", interrupt, { once: true });
    child.once("error", reject);
    child.once("exit", (code) => {
      stop.signal.removeEventListener("abort", interrupt);
      killGroup(child, "SIGKILL");
      resolve(code ?? 1);
    });
  });
}

/** Ends a process and all that it started. */
export function killGroup(child, signalName) {
  try {
    process.kill(process.platform === "win32" ? child.pid : -child.pid, signalName);
  } catch {
    // It has ended by itself.
  }
}

/** Runs a command, and ends this process with the same status when it fails. */
export async function run(command, args) {
  const status = await start(command, args);
  if (status !== 0 || stop.signal.aborted) {
    process.exit(process.exitCode ?? status);
  }
}

/** Installs the dependencies when they are missing, or not those of package-lock.json. */
export async function install() {
  if (!isInstalled()) {
    console.log("Installing dependencies (npm ci) …");
    await run(npm.command, [...npm.args, "ci", "--no-audit", "--no-fund", "--loglevel=error"]);
  }
}

function isInstalled() {
  const installed = `${root}/node_modules/.package-lock.json`;
  if (!existsSync(installed)) {
    return false;
  }
  const wanted = packagesOf(`${root}/package-lock.json`);
  const present = packagesOf(installed);
  return Object.entries(wanted).every(
    ([path, { version, link, optional }]) =>
      path === "" ||
      link ||
      optional ||
      !path.startsWith("node_modules/") ||
      present[path]?.version === version,
  );
}

export function packagesOf(lockfile) {
  return JSON.parse(readFileSync(lockfile, "utf8")).packages;
}
