// What the scripts of this folder share.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the repository. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Runs a command in the repository and ends this process, with the same status, when it fails. */
export function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: "inherit", ...options });
  if (error) {
    console.error(`${command} could not be started: ${error.message}`);
    process.exit(1);
  }
  if (status !== 0) {
    process.exit(status ?? 1);
  }
}

/** Installs the dependencies when they are missing, or not those of package-lock.json. */
export function install() {
  if (!isInstalled()) {
    console.log("Installing dependencies (npm ci) …");
    run(npm.command, [...npm.args, "ci", "--no-audit", "--no-fund", "--loglevel=error"]);
  }
}

/** npm, through the Node that runs this where it can be: a bare name is a shell script on Windows. */
const npm = process.env.npm_execpath
  ? { command: process.execPath, args: [process.env.npm_execpath] }
  : { command: process.platform === "win32" ? "npm.cmd" : "npm", args: [] };

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

function packagesOf(lockfile) {
  return JSON.parse(readFileSync(lockfile, "utf8")).packages;
}
