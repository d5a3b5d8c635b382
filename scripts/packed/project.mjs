// An empty project that installs the tarball, and what must work in it.
import assert from "node:assert/strict";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import emptyMessages from "google-protobuf/google/protobuf/empty_pb.js";
import { startEmulator } from "pulumi-outboundbot/emulator";
import { call, PluginProcess } from "../../test/helpers/pluginProcess.ts";
import { ProviderProcess, sentInputs } from "../../test/helpers/providerProcess.ts";
import { output, temporaryFolder } from "../gate.mjs";
import { packagesOf, root } from "../tools.mjs";
import { commandOf, installWith } from "./managers.mjs";

const programs = join(root, "test", "programs");
const printed = JSON.parse(readFileSync(join(programs, "printed.json"), "utf8"));
const { name, version, devDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

const help = await output(process.execPath, [join(root, "dist", "emulator", "cli.js"), "--help"]);
assert.match(help, /^outboundbot-emulator: .*\n\nUsage: outboundbot-emulator \[options\]\n/);

/** The newest SDK asks for a newer Node than this package does, and not every package manager looks for one that does not. */
const sdk = {
  "@pulumi/pulumi": packagesOf(join(root, "package-lock.json"))["node_modules/@pulumi/pulumi"].version,
};

const typed = { typescript: devDependencies.typescript, "@types/node": devDependencies["@types/node"] };

export const kinds = [
  { name: "TypeScript, CommonJS", type: "commonjs", program: "main.ts", needs: typed },
  { name: "TypeScript, ES module", type: "module", program: "main.ts", needs: typed },
  { name: "JavaScript, CommonJS", type: "commonjs", program: "main.cjs", needs: {} },
  { name: "JavaScript, ES module", type: "module", program: "main.mjs", needs: {} },
];

/** The last ones check types only: they are for bundlers, or the same files again. */
const resolutions = [
  ["--module", "node16"],
  ["--module", "nodenext", "--noEmit"],
  ["--module", "preserve", "--moduleResolution", "bundler", "--noEmit"],
];

/** @throws what does not work. */
export async function tryOut(tarball, manager, tool, { type, program, needs }) {
  const folder = temporaryFolder("project");
  const manifest = {
    private: true,
    type,
    dependencies: { ...sdk, [name]: `file:${tarball}` },
    devDependencies: needs,
    overrides: sdk,
    resolutions: sdk,
  };
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  cpSync(join(programs, program), join(folder, program === "main.ts" ? program : "main.js"));
  await installWith(manager, tool, folder);

  const environment = manager.environment?.(folder) ?? {};
  const options = { cwd: folder, env: { ...process.env, ...environment } };
  const inProject = { folder, environment, options, command: (bin) => commandOf(manager, tool, folder, bin) };
  if (program === "main.ts") {
    await checkTypes(inProject);
  }
  await runProgram(inProject);
  await runEmulator(inProject);
  await startPlugin(inProject);
  await loadStoredProvider(inProject);
}

/** Without skipLibCheck, so that the declarations themselves are checked as well. */
async function checkTypes({ command, options }) {
  const [file, ...before] = await command("tsc");
  for (const resolution of resolutions) {
    const args = ["--strict", "--target", "es2022", "--types", "node", ...resolution, "main.ts"];
    await output(file, [...before, ...args], options);
  }
}

async function runProgram({ options }) {
  const lines = (await output(process.execPath, ["main.js"], options)).trimEnd().split("\n");
  // A slow machine has shown progress before.
  assert.equal(lines.at(-1), JSON.stringify(printed));
}

async function runEmulator({ command, options }) {
  const [file, ...before] = await command("outboundbot-emulator");
  assert.equal(await output(file, [...before, "--help"], options), help);
  assert.equal(await output(file, [...before, "--version"], options), `${version}\n`);
}

/** As an engine does: reads the port that the plugin prints, and asks it for its version. */
async function startPlugin({ command, folder, environment }) {
  const plugin = await PluginProcess.start({
    command: await command("pulumi-resource-outboundbot"),
    cwd: folder,
    environment,
  });
  try {
    const info = await call((done) => plugin.client.getPluginInfo(new emptyMessages.Empty(), done));
    assert.equal(info.getVersion(), version);
  } finally {
    await plugin[Symbol.asyncDispose]();
  }
}

/** As an engine does: loads what a program has stored, in the process of the SDK that is installed here. */
async function loadStoredProvider({ folder, environment, options }) {
  const emulator = await startEmulator({ instances: [{ InstanceId: "bot-1", InstanceName: "Bot 1" }] });
  const find = `require.resolve("@pulumi/pulumi/cmd/dynamic-provider/index.js")`;
  const main = (await output(process.execPath, ["--print", find], options)).trim();
  const sent = await sentInputs(folder, {}, environment);
  const stored = `require("${name}/dist/dynamic/provider.js")`;
  assert.ok(sent.__provider.includes(stored), sent.__provider);
  const provider = await ProviderProcess.start(folder, {
    main,
    environment: { ...environment, ...emulator.environment },
  });
  try {
    const { inputs, failures } = await provider.check({}, sent);
    assert.deepEqual(failures, []);
    assert.deepEqual(Object.keys(inputs.instancesById), ["bot-1"]);
    assert.equal(inputs.totalCount, 1);
  } finally {
    await provider[Symbol.asyncDispose]();
    await emulator.close();
  }
}
