import assert from "node:assert/strict";
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type Emulator, startEmulator } from "../../src/emulator/index.js";
import { root } from "../helpers/child.js";
import { createStack, needsEngine, type Stack, whyPending } from "../helpers/engine.js";
import type { Layout } from "../helpers/installed.js";

const states = join(root, "test", "states");

const imports = `
  const pulumi = require("@pulumi/pulumi");
  const { getInstancesOutput, InstanceLookup } = require("pulumi-outboundbot");
  class OfPlugin extends pulumi.CustomResource {
    constructor(name, args, opts) {
      super("outboundbot:index:InstanceLookup", name, { ...args, ids: undefined }, opts);
    }
  }
`;

/** Everything that writes to a state: a function in the outputs, the dynamic resource and the plugin's. */
const program = `${imports}
  exports.found = getInstancesOutput({ tags: { env: "prod" } });
  const bots = new InstanceLookup("bots", { tags: { env: "prod" }, nameRegex: "^Bot" });
  new InstanceLookup("chosen", { ids: ["bot-2"] }, { parent: bots });
  exports.ofPlugin = new OfPlugin("plugin", { tags: { env: "prod" } }).ids;
  new InstanceLookup("all", { resourceGroupId: "rg-acfm3iugit3uw7a" });
  new OfPlugin("allOfPlugin", { resourceGroupId: "rg-acfm3iugit3uw7a" });
`;

/** The same program with each resource moved to the other provider. */
const swapped = `${imports}
  exports.found = getInstancesOutput({ tags: { env: "prod" } });
  const dynamic = "pulumi-nodejs:dynamic/outboundbot:InstanceLookup";
  const aliases = [{ type: dynamic }];
  const bots = new OfPlugin("bots", { tags: { env: "prod" }, nameRegex: "^Bot" }, { aliases });
  new OfPlugin("chosen", { onlyIds: ["bot-2"] }, { parent: bots, aliases });
  exports.ofPlugin = new InstanceLookup("plugin", { tags: { env: "prod" } }, {
    aliases: [{ type: "outboundbot:index:InstanceLookup" }],
  }).ids;
  new InstanceLookup("all", { resourceGroupId: "rg-acfm3iugit3uw7a" });
  new OfPlugin("allOfPlugin", { resourceGroupId: "rg-acfm3iugit3uw7a" });
`;

const instances = [1, 2, 3, 4].map((number) => ({
  InstanceId: `bot-${number}`,
  CreationTime: 1_578_469_042_851 + number,
  CreatorId: 9_007_199_254_740_993n,
  CreatorName: "creator",
  OwnerName: "owner",
  ResourceGroupId: "rg-acfm3iugit3uw7a",
  MaxConcurrentConversation: number,
  IsPreset: false,
  ...(number === 4
    ? {}
    : {
        InstanceName: `Bot ${number}`,
        InstanceDescription: "",
        ResourceTags: [{ Key: "env", Value: "prod" }],
      }),
}));

async function withStack(
  use: (stack: Stack, emulator: Emulator) => Promise<void>,
  layout?: Layout,
): Promise<void> {
  await using emulator = await startEmulator({ instances });
  const PATH = [join(root, "plugin"), process.env.PATH].join(delimiter);
  await using stack = await createStack(program, { ...emulator.environment, PATH }, layout);
  await use(stack, emulator);
}

async function succeed(stack: Stack, ...args: string[]): Promise<string> {
  const { ok, text, stdout } = await stack.run(args);
  assert.ok(ok, text);
  return stdout;
}

describe(`states written by released versions${whyPending}`, function () {
  this.timeout(300_000);
  before(needsEngine);

  for (const version of readdirSync(states).map((name) => name.replace(".json", ""))) {
    it(`${version}: shows no difference in a preview and a refresh, and is destroyed`, async () => {
      await withStack(async (stack) => {
        await succeed(stack, "stack", "import", "--file", join(states, `${version}.json`));
        await succeed(stack, "preview", "--diff", "--expect-no-changes");
        await succeed(stack, "refresh", "--yes", "--skip-preview", "--expect-no-changes");
        await succeed(stack, "up", "--yes", "--skip-preview", "--expect-no-changes");
        await succeed(stack, "destroy", "--yes", "--skip-preview");
      });
    });

    it(`${version}: follows a renamed stack and a moved package, is updated in place, and then destroyed without the package`, async () => {
      await withStack(async (stack, emulator) => {
        await succeed(stack, "stack", "import", "--file", join(states, `${version}.json`));
        await succeed(stack, "stack", "rename", "renamed");
        await succeed(stack, "up", "--yes", "--skip-preview", "--expect-no-changes");
        emulator.remove("bot-3");
        assert.match(await succeed(stack, "up", "--yes", "--skip-preview"), /^\s*~ 5 updated$/m);
        rmSync(join(stack.folder, "node_modules", "pulumi-outboundbot"));
        assert.match(await succeed(stack, "destroy", "--yes", "--skip-preview"), /^\s*- 6 deleted$/m);
      }, "pnpm");
    });

    it(`${version}: moves each resource to the other provider in place`, async () => {
      await withStack(async (stack) => {
        await succeed(stack, "stack", "import", "--file", join(states, `${version}.json`));
        writeFileSync(join(stack.folder, "index.js"), swapped);
        // A resource that becomes dynamic gets the provider text, and the others lose it.
        assert.match(await succeed(stack, "up", "--yes", "--skip-preview"), /^\s*~ 3 updated$/m);
        await succeed(stack, "up", "--yes", "--skip-preview", "--expect-no-changes");
        await succeed(stack, "destroy", "--yes", "--skip-preview");
      });
    });
  }

  // Each release records its own state: RECORD_STATE=X.Y.Z npx mocha test/e2e/upgrades.test.ts
  const recorded = process.env.RECORD_STATE;
  if (recorded !== undefined) {
    it(`records a state of ${recorded}`, async () => {
      await withStack(async (stack) => {
        await succeed(stack, "up", "--yes", "--skip-preview");
        mkdirSync(states, { recursive: true });
        // Paths of the recording machine aren't recorded.
        const isPlace = (key: string) => key === "sourcePosition" || key === "stackTrace";
        const state: unknown = JSON.parse(await succeed(stack, "stack", "export"), (key, value) =>
          isPlace(key) ? undefined : value,
        );
        writeFileSync(join(states, `${recorded}.json`), `${JSON.stringify(state, undefined, 2)}\n`);
      });
    });
  }
});
