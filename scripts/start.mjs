// npm start: the demo. Starts the emulator, and deploys examples/lookup-by-tag against it with a real Pulumi engine, or, where
// none can be had, runs the same program under Pulumi's mocks. Nothing is left behind, and nothing leaves this machine.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findEngine } from "./engine.mjs";
import { install, root, run, start, stop } from "./tools.mjs";

await install();
console.log("Building …");
await run(process.execPath, [`${root}/scripts/build.mjs`]);

const folder = mkdtempSync(join(tmpdir(), "outboundbot-demo-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));

const { startEmulator } = await import("pulumi-outboundbot/emulator");
const emulator = await startEmulator({ count: 60, latency: 20 });
console.log(`The emulator stands in for OutboundBot at ${emulator.endpoint}, with 60 instances.\n`);
const failed = await demo().finally(() => emulator.close());
if (stop.signal.aborted) {
  console.log("\nStopped. Nothing was left behind.");
} else {
  process.exitCode = failed ? 1 : 0;
}

/** @returns whether it failed. */
async function demo() {
  const engine = await findEngine(join(folder, "home"));
  if (stop.signal.aborted) {
    return true;
  }
  return engine === undefined ? runWithMocks() : deploy(engine);
}

async function deploy(engine) {
  const project = join(folder, "project");
  const backend = join(folder, "backend");
  // A copy, so that the stack's settings are not written into the repository.
  cpSync(join(root, "Pulumi.yaml"), join(project, "Pulumi.yaml"));
  cpSync(join(root, "examples", "lookup-by-tag"), join(project, "examples", "lookup-by-tag"), {
    recursive: true,
    filter: (path) => !path.includes("node_modules"),
  });
  symlinkSync(join(root, "node_modules"), join(project, "node_modules"), "junction");
  cpSync(join(root, "package.json"), join(project, "package.json"));
  const environment = {
    ...engine.environment,
    PULUMI_BACKEND_URL: `file://${backend}`,
    PULUMI_CONFIG_PASSPHRASE: "",
    PULUMI_SKIP_UPDATE_CHECK: "true",
  };
  const pulumi = (...args) =>
    startWithSettings(engine.command, [...engine.args, ...args], project, environment);
  const steps = [
    ["stack", "init", "demo"],
    ["config", "set", "folder", join(folder, "dialers")],
    ["up", "--yes", "--non-interactive", "--suppress-outputs", "--color", "never"],
  ];
  mkdirSync(backend);
  for (const step of steps) {
    console.log(`$ pulumi ${step.join(" ")}`);
    if ((await pulumi(...step)) !== 0 || stop.signal.aborted) {
      return true;
    }
    console.log();
  }
  console.log("The stack is up. Its outputs are the ids of the bots that were found by tag:\n");
  await pulumi("stack", "output", "--json");
  console.log("\nand they are wired into the settings of the dialers, such as production.json:\n");
  console.log(readFileSync(join(folder, "dialers", "production.json"), "utf8"));
  console.log("$ pulumi destroy");
  return (await pulumi("destroy", "--yes", "--non-interactive", "--skip-preview", "--color", "never")) !== 0;
}

async function runWithMocks() {
  console.log(
    "No Pulumi engine can be had here, so NOTHING IS DEPLOYED: the same program runs in this process under",
  );
  console.log("Pulumi's own mocks. Its lookups are real; its resources are not created.\n");
  return (
    (await startWithSettings(
      process.execPath,
      ["--import", "tsx", join(root, "scripts", "mocked.mjs")],
      root,
      {},
    )) !== 0
  );
}

/** Runs a command with the emulator's settings. @returns its exit status. */
function startWithSettings(command, args, cwd, environment) {
  return start(command, args, {
    cwd,
    env: { ...withoutSettings(process.env), ...emulator.environment, ...environment },
  });
}

/** Settings of one's own, which would win over the emulator's. */
function withoutSettings(environment) {
  const own = /^(ALICLOUD_|ALIBABA_?CLOUD_|OUTBOUNDBOT_|PULUMI_CONFIG|PULUMI_STACK|PULUMI_ACCESS_TOKEN)/;
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !own.test(name)));
}
