// Tests the package in empty projects, with several package managers and bundlers. Unlike the tests, it
// installs them from the npm registry.
import assert from "node:assert/strict";
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Empty } from "google-protobuf/google/protobuf/empty_pb.js";
import manifest from "../../package.json";
import { startEmulator } from "../../src/emulator/index.js";
import { root } from "../helpers/child.js";
import { forbidden, throttled } from "../helpers/faults.js";
import { fromRegistry, installWith, managers, output, temporaryFolder } from "../helpers/managers.js";
import { npm } from "../helpers/npm.js";
import { call, PluginProcess } from "../helpers/pluginProcess.js";
import { ProviderProcess, sentInputs } from "../helpers/providerProcess.js";
import printed from "../programs/printed.json";

const programs = join(root, "test", "programs");
const { name, version, devDependencies } = manifest;

/** The latest SDK needs a newer Node than this package, and not every package manager selects a compatible version. */
const sdk: Record<string, string> = {
  "@pulumi/pulumi": JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages[
    "node_modules/@pulumi/pulumi"
  ].version,
};

const kinds = [
  { kind: "a TypeScript project, CommonJS", type: "commonjs", program: "main.ts" },
  { kind: "a TypeScript project, ES modules", type: "module", program: "main.ts" },
  { kind: "a JavaScript project, CommonJS", type: "commonjs", program: "main.cjs" },
  { kind: "a JavaScript project, ES modules", type: "module", program: "main.mjs" },
];

/** The last ones check types only: they are for bundlers, or the same files again. */
const resolutions = [
  ["--module", "node16"],
  ["--module", "nodenext", "--noEmit"],
  ["--module", "preserve", "--moduleResolution", "bundler", "--noEmit"],
];

let tarball: string;

before(async () => {
  const folder = temporaryFolder("tarball");
  const [command, ...args] = npm("pack", "--ignore-scripts", "--pack-destination", folder);
  await output(command, args);
  tarball = join(folder, readdirSync(folder)[0] ?? "");
});

describe("the packed package", () => {
  for (const manager of managers) {
    // The kinds differ in how Node and the compiler load the package, not in how it is installed.
    for (const { kind, type, program } of manager.name === "npm" ? kinds : kinds.slice(0, 2)) {
      it(`works in ${kind}, installed by ${manager.name}`, async () => {
        const folder = temporaryFolder("project");
        const dependencies = { ...sdk, [name]: `file:${tarball}` };
        const { typescript, "@types/node": nodeTypes } = devDependencies;
        const typed = program === "main.ts" ? { typescript, "@types/node": nodeTypes } : {};
        const project = { private: true, type, dependencies, devDependencies: typed, overrides: sdk };
        writeFileSync(join(folder, "package.json"), JSON.stringify({ ...project, resolutions: sdk }));
        cpSync(join(programs, program), join(folder, program === "main.ts" ? program : "main.js"));
        await installWith(manager, folder);
        const environment = { ...process.env, ...manager.environment?.(folder) };
        const inProject = { cwd: folder, env: environment };
        const node = (...args: string[]) => output(process.execPath, args, inProject);
        const fileOf = async (path: string) => (await node("--print", `require.resolve("${path}")`)).trim();

        if (program === "main.ts") {
          // Without skipLibCheck, so that the declarations are checked too.
          const compiler = await fileOf("typescript/lib/tsc.js");
          for (const resolution of resolutions) {
            await node(
              compiler,
              "--strict",
              "--target",
              "es2022",
              "--types",
              "node",
              ...resolution,
              "main.ts",
            );
          }
        }
        // On a slow machine, progress is printed before the last line.
        assert.equal((await node("main.js")).trimEnd().split("\n").at(-1), JSON.stringify(printed));

        const installed = (await fileOf(`${name}/package.json`)).replace(/package\.json$/, "");
        assert.equal(await node(`${installed}dist/emulator/cli.js`, "--version"), `${version}\n`);
        await using plugin = await PluginProcess.start({
          command: [process.execPath, `${installed}dist/plugin/cli.js`],
          cwd: folder,
          environment,
        });
        const info = await call<{ getVersion(): string }>((done) =>
          plugin.client.getPluginInfo(new Empty(), done),
        );
        assert.equal(info.getVersion(), version);
        const sent = await sentInputs(folder, {}, environment);
        assert.ok(String(sent.__provider).includes(`require("${name}/dist/dynamic/provider.js")`));
        const main = await fileOf("@pulumi/pulumi/cmd/dynamic-provider/index.js");
        assert.deepEqual(await checked(folder, sent, { environment, main }), { ids: ["bot-1"], reasons: [] });
      }).timeout(300_000);
    }
  }
});

/** Checks an InstanceLookup of one bot like an engine, in the SDK's process for the project in `folder`. */
async function checked(
  folder: string,
  sent: Awaited<ReturnType<typeof sentInputs>>,
  { environment = {}, main }: { environment?: NodeJS.ProcessEnv; main: string },
) {
  await using emulator = await startEmulator({ instances: [{ InstanceId: "bot-1", InstanceName: "Bot 1" }] });
  const options = { main, environment: { ...environment, ...emulator.environment } };
  await using provider = await ProviderProcess.start(folder, options);
  const { inputs, failures } = await provider.check({}, sent);
  return { ids: inputs.ids, reasons: failures.map(({ reason }) => reason) };
}

/** Prints the number of instances found through throttling, and the names of two errors; or what an InstanceLookup sends. */
const bundled = `
import * as pulumi from "@pulumi/pulumi";
import { ArgumentError, getInstances, InstanceLookup, OutboundBotError, ServiceError } from "pulumi-outboundbot";
function declare() {
  pulumi.runtime.setMocks({
    newResource({ inputs }) {
      console.log(JSON.stringify(inputs));
      return { id: "id", state: inputs };
    },
    call: ({ inputs }) => getInstances(inputs),
  });
  new InstanceLookup("bots");
}
async function main() {
  const { ids } = await getInstances();
  const forbidden = await getInstances({ endpoint: process.env.FORBIDDEN }).catch((error) => error);
  const invalid = await getInstances({ pageSize: 0 }).catch((error) => error);
  const kinds = [ServiceError, ArgumentError, OutboundBotError];
  const known = [forbidden, invalid].map((error) => [
    error.name,
    kinds.map((kind) => error instanceof kind),
    kinds.map((kind) => kind.isInstance(error)),
  ]);
  console.log(JSON.stringify([ids.length, ...known]));
}
process.env.DECLARE ? declare() : main();
`;

/** esbuild's ES modules have no `require`, which CommonJS dependencies need. */
const withRequire =
  "--banner:js=import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

const bundlers = [
  {
    from: "esbuild@0.28",
    options: ["--bundle", "--minify", "--platform=node", "--external:@pulumi/pulumi"],
    esModule: [withRequire],
    out: "--outfile",
  },
  {
    from: "rolldown@1",
    options: ["--minify", "--platform=node", "--external=@pulumi/pulumi", "--no-code-splitting"],
    esModule: [],
    out: "--file",
  },
];

describe("a minified bundle of a program", () => {
  for (const { from, options, esModule, out } of bundlers) {
    const bundler = from.replace(/@.*/, "");
    it(`by ${bundler} returns the whole list despite throttling, recognizes its errors, and needs the package for InstanceLookup`, async () => {
      const modules = await fromRegistry(from, tarball, `@pulumi/pulumi@${sdk["@pulumi/pulumi"]}`);
      const program = join(modules, "..", "program.mjs");
      writeFileSync(program, bundled);
      const emulator = await startEmulator({ count: 450, faults: [{ ...throttled, every: 3 }] });
      const forbidding = await startEmulator({ faults: [forbidden] });
      try {
        for (const [format, ending] of [
          ["esm", "mjs"],
          ["cjs", "cjs"],
        ]) {
          // A folder with only Pulumi's SDK, so the package must be in the bundle.
          const alone = temporaryFolder("bundle");
          mkdirSync(join(alone, "node_modules"));
          const link = (module: string) =>
            symlinkSync(join(modules, module), join(alone, "node_modules", module), "junction");
          link("@pulumi");
          const bundle = join(alone, `program.${ending}`);
          const more = format === "esm" ? esModule : [];
          const args = [program, ...options, ...more, `--format=${format}`, `${out}=${bundle}`];
          await output(join(modules, ".bin", bundler), args, { cwd: join(modules, "..") });
          const env = { ...process.env, ...emulator.environment, FORBIDDEN: forbidding.endpoint };
          const printedLines = await output(process.execPath, [bundle], { cwd: alone, env });
          assert.deepEqual(JSON.parse(printedLines.trimEnd().split("\n").at(-1) ?? ""), [
            450,
            ["ServiceError", [true, false, true], [true, false, true]],
            ["ArgumentError", [false, true, true], [false, true, true]],
          ]);

          const declared = await output(process.execPath, [bundle], { cwd: alone, env: { DECLARE: "1" } });
          const sent = JSON.parse(declared);
          const main = join(modules, "@pulumi/pulumi/cmd/dynamic-provider/index.js");
          assert.deepEqual((await checked(alone, sent, { main })).reasons, [
            "InstanceLookup cannot load pulumi-outboundbot: Cannot find module 'pulumi-outboundbot/dist/dynamic/provider.js'. Install the package in this project. Without it the resource can only be deleted.",
          ]);
          link(name);
          assert.deepEqual(await checked(alone, sent, { main }), { ids: ["bot-1"], reasons: [] });
        }
      } finally {
        await emulator.close();
        await forbidding.close();
      }
    }).timeout(300_000);
  }
});
