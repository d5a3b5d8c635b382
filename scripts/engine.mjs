// Finds a Pulumi engine: the one on PATH, otherwise the official launcher's.
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { root, start } from "./tools.mjs";

/** The launcher downloads the engine at its first run, and behind a firewall the download may hang. */
const launcherTimeout = 60_000;

/**
 * @param home a folder for the engine's own files.
 * @returns the command that starts the engine, or `undefined` when neither is available.
 */
export async function findEngine(home) {
  const installed = engineOnPath();
  if (installed && (await answers(installed, ["version"], { PULUMI_HOME: home }, 30_000))) {
    return { command: installed, args: [], environment: { PULUMI_HOME: home } };
  }
  console.log("pulumi is not on PATH. Downloading it with the official launcher (up to 1 minute) …");
  const launcher = `${root}/node_modules/pulumi/run.js`;
  // Kept with the installed files, so that the engine is downloaded once and removed with them.
  const environment = { PULUMI_HOME: `${root}/node_modules/.cache/pulumi` };
  if (await answers(process.execPath, [launcher, "version"], environment, launcherTimeout)) {
    return { command: process.execPath, args: [launcher], environment };
  }
  return undefined;
}

/** Returns the engine on PATH. npm adds this repository's launcher to PATH under the same name, which doesn't count. */
export function engineOnPath() {
  const names = process.platform === "win32" ? ["pulumi.exe", "pulumi.cmd"] : ["pulumi"];
  return (process.env.PATH ?? "")
    .split(delimiter)
    .filter((folder) => !folder.includes("node_modules"))
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find(isExecutable);
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Returns whether a command succeeds before its timeout. */
async function answers(command, args, environment, timeout) {
  const env = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true", ...environment };
  const status = await start(command, args, { env, stdio: "ignore", timeout }).catch(() => 1);
  return status === 0;
}
