// Produces the output in README.md: deploys this project against the emulator with the Pulumi engine on PATH, removes one bot, adds
// another, and writes the output of the preview between the markers in README.md. Run `npm run build` at the root first.

import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { startEmulator } from "pulumi-outboundbot/emulator";
import { engineOnPath } from "../../scripts/engine.mjs";

const example = dirname(fileURLToPath(import.meta.url));
const readme = join(example, "README.md");
const marks = /(<!-- preview -->\n```text\n)[\s\S]*?(```\n<!-- \/preview -->)/;

const engine = engineOnPath();
if (engine === undefined) {
  console.error("No Pulumi CLI found on PATH. Install it: https://www.pulumi.com/docs/install/");
  process.exit(1);
}
const folder = mkdtempSync(join(tmpdir(), "tracked-lookup-"));
const emulator = await startEmulator({
  instances: [
    bot("bot-survey", "Survey", 1),
    bot("bot-reminder", "Reminder", 2),
    bot("bot-sales", "Sales", 3),
  ],
});
try {
  const project = join(folder, "project");
  // A copy keeps the stack's settings out of the repository.
  cpSync(example, project, { recursive: true, filter: (path) => !path.includes("node_modules") });
  symlinkSync(join(example, "../../node_modules"), join(project, "node_modules"), "junction");
  mkdirSync(join(folder, "state"));
  await pulumi("stack", "init", "dev");
  await pulumi("up", "--yes", "--skip-preview");
  emulator.remove("bot-sales");
  emulator.add(bot("bot-callback", "Callback", 4));
  const preview = await pulumi("preview", "--diff");
  writeFileSync(
    readme,
    readFileSync(readme, "utf8").replace(marks, (_all, head, tail) => head + preview + tail),
  );
} finally {
  await emulator.close();
  rmSync(folder, { recursive: true, force: true });
}

/** Runs a command of the Pulumi CLI and returns its output. */
async function pulumi(...args) {
  const { stdout } = await promisify(execFile)(engine, [...args, "--non-interactive", "--color", "never"], {
    cwd: join(folder, "project"),
    env: {
      ...process.env,
      ...emulator.environment,
      PULUMI_HOME: join(folder, "home"),
      PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
      PULUMI_CONFIG_PASSPHRASE: "",
      PULUMI_SKIP_UPDATE_CHECK: "true",
    },
  });
  return stdout;
}

function bot(id, name, number) {
  return {
    InstanceId: id,
    InstanceName: name,
    CreationTime: 1_700_000_000_000 + number,
    MaxConcurrentConversation: 10 * number,
    ResourceTags: [{ Key: "env", Value: "prod" }],
  };
}
