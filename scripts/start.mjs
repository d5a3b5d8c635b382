// npm start: the demo. Starts the emulator and deploys examples/lookup-by-tag against it with a real Pulumi engine, or runs the
// same program under Pulumi's mocks if no engine is available. It leaves no files behind and sends nothing off this machine.
import { cpSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { findEngine } from "./engine.mjs";
import { colours, command, heading, showFound, showNextSteps } from "./terminal.mjs";
import { root, run, start, stop, temporaryFolder } from "./tools.mjs";

console.log("Building …");
await run(process.execPath, `${root}/scripts/build.mjs`);
const folder = temporaryFolder("demo");

const { startEmulator } = await import("pulumi-outboundbot/emulator");
const emulator = await startEmulator({ count: 60, latency: 20 });
heading("Emulator");
console.log(`The emulator serves OutboundBot at ${emulator.endpoint}: 60 instances, 20 ms per call.`);
const failed = await demo().finally(() => emulator.close());
if (stop.signal.aborted) {
  console.log("\nStopped. All temporary files were removed.");
} else if (failed) {
  process.exitCode = 1;
} else {
  showNextSteps();
}

/** @returns whether the demo failed. */
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
  // A copy, so that the stack's settings aren't written into the repository.
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
  const color = ["--color", colours ? "always" : "never"];
  const steps = [
    ["stack", "init", "demo"],
    ["config", "set", "folder", join(folder, "dialers")],
    ["up", "--yes", "--non-interactive", "--suppress-outputs", "--skip-preview", ...color],
  ];
  mkdirSync(backend);
  heading("Deploy examples/lookup-by-tag");
  for (const step of steps) {
    command(`pulumi ${step.filter((word) => !color.includes(word)).join(" ")}`);
    if ((await pulumi(...step)) !== 0 || stop.signal.aborted) {
      return true;
    }
  }
  heading("Instances found by tag, written to the settings of two dialers");
  showFound({ production: settingsOf("production"), staging: settingsOf("staging") });
  heading("Destroy");
  command("pulumi destroy --yes --non-interactive --skip-preview --remove");
  return (
    (await pulumi("destroy", "--yes", "--non-interactive", "--skip-preview", "--remove", ...color)) !== 0
  );
}

/** Returns the bots in the settings that the example wrote for a dialer. */
function settingsOf(dialer) {
  const { Bots } = JSON.parse(readFileSync(join(folder, "dialers", `${dialer}.json`), "utf8"));
  return Bots.map(({ InstanceId, Name, MaxCalls }) => ({ id: InstanceId, name: Name, calls: MaxCalls }));
}

async function runWithMocks() {
  heading("NOT DEPLOYED: no Pulumi engine is available");
  console.log(
    "examples/lookup-by-tag runs under Pulumi's mocks instead: lookups are real, resources are not created.",
  );
  return (
    (await startWithSettings(
      process.execPath,
      ["--import", "tsx", join(root, "scripts", "mocked.mjs")],
      root,
      {},
    )) !== 0
  );
}

/** Runs a command with the emulator's settings. @returns the exit status. */
function startWithSettings(command, args, cwd, environment) {
  return start(command, args, {
    cwd,
    env: { ...withoutSettings(process.env), ...emulator.environment, ...environment },
  });
}

/** Removes the user's own settings, which would override the emulator's. */
function withoutSettings(environment) {
  const own = /^(ALICLOUD_|ALIBABA_?CLOUD_|OUTBOUNDBOT_|PULUMI_CONFIG|PULUMI_STACK|PULUMI_ACCESS_TOKEN)/;
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !own.test(name)));
}
