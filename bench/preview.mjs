// Measures how much longer a preview with a lookup takes than one of an empty program, on a real engine.
import { execFile } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { engineOnPath } from "../scripts/engine.mjs";
import { root, temporaryFolder } from "../scripts/tools.mjs";

const execute = promisify(execFile);

const programs = {
  empty: 'require("@pulumi/pulumi");',
  function:
    'require("@pulumi/pulumi"); exports.ids = require("pulumi-outboundbot").getInstancesOutput().ids;',
  alone: 'exports.ids = require("pulumi-outboundbot").getInstancesOutput().ids;',
  resource:
    'require("@pulumi/pulumi"); exports.ids = new (require("pulumi-outboundbot").InstanceLookup)("bots").ids;',
  plugin:
    'exports.ids = require("@pulumi/pulumi").runtime.invokeOutput("outboundbot:index:getInstances", {}).ids;',
};

/**
 * Previews each program `times` times after one warm-up. The programs alternate, so that load on the machine affects all of them.
 *
 * @returns the milliseconds of each preview, by program; `undefined` without an engine.
 */
export async function previews(times, environment) {
  const engine = engineOnPath();
  if (engine === undefined) {
    return undefined;
  }
  const folder = temporaryFolder("previews");
  const bin = join(folder, "bin");
  mkdirSync(bin);
  symlinkSync(join(root, "dist/plugin/cli.js"), join(bin, "pulumi-resource-outboundbot"));
  mkdirSync(join(folder, "state"));
  const env = {
    PATH: [bin, process.env.PATH].join(delimiter),
    HOME: folder,
    PULUMI_HOME: join(folder, "home"),
    PULUMI_BACKEND_URL: `file://${folder}/state`,
    PULUMI_CONFIG_PASSPHRASE: "",
    PULUMI_SKIP_UPDATE_CHECK: "1",
    ...environment,
  };
  const kinds = Object.entries(programs);
  const run = (kind, ...args) =>
    execute(engine, [...args, "--non-interactive"], { cwd: join(folder, kind), env });
  for (const [kind, program] of kinds) {
    // Only what the programs require, because the engine tries to download the plugin of every provider that is installed.
    const modules = join(folder, kind, "node_modules");
    for (const [file, source] of [
      ["@pulumi/pulumi", "node_modules/@pulumi/pulumi"],
      ["pulumi-outboundbot/dist", "dist"],
      ["pulumi-outboundbot/package.json", "package.json"],
    ]) {
      mkdirSync(dirname(join(modules, file)), { recursive: true });
      symlinkSync(join(root, source), join(modules, file));
    }
    writeFileSync(join(folder, kind, "Pulumi.yaml"), `name: ${kind}\nruntime: nodejs\n`);
    writeFileSync(join(folder, kind, "package.json"), JSON.stringify({ name: kind, main: "index.js" }));
    writeFileSync(join(folder, kind, "index.js"), program);
    await run(kind, "stack", "init", "bench");
    await run(kind, "preview");
  }
  const milliseconds = Object.fromEntries(kinds.map(([kind]) => [kind, []]));
  for (let time = 0; time < times; time++) {
    for (const [kind] of kinds) {
      const startedAt = performance.now();
      await run(kind, "preview");
      milliseconds[kind].push(performance.now() - startedAt);
    }
  }
  return milliseconds;
}
