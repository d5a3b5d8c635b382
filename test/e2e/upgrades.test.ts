import assert from "node:assert/strict";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { startEmulator } from "../../src/emulator/index.js";
import { root } from "../helpers/child.js";
import { createStack, needsEngine, type Stack, whyPending } from "../helpers/engine.js";

const states = join(root, "test", "states");

/** Every door that writes into a state: a function in the outputs, the dynamic resource, and the plugin's. */
const program = `
  const pulumi = require("@pulumi/pulumi");
  const { getInstancesOutput, InstanceLookup } = require("pulumi-outboundbot");
  exports.found = getInstancesOutput({ tags: { env: "prod" } });
  const bots = new InstanceLookup("bots", { tags: { env: "prod" }, nameRegex: "^Bot" });
  new InstanceLookup("chosen", { ids: ["bot-2"] }, { parent: bots });
  class Plugins extends pulumi.CustomResource {
    constructor(name, args) {
      super("outboundbot:index:InstanceLookup", name, { ...args, ids: undefined, instancesById: undefined });
    }
  }
  exports.ofPlugin = new Plugins("plugin", { tags: { env: "prod" } }).ids;
`;

const instances = [1, 2, 3].map((number) => ({
  InstanceId: `bot-${number}`,
  InstanceName: `Bot ${number}`,
  InstanceDescription: "",
  CreationTime: 1_578_469_042_851 + number,
  CreatorId: 9_007_199_254_740_993n,
  CreatorName: "creator",
  OwnerName: "owner",
  ResourceGroupId: "rg-acfm3iugit3uw7a",
  MaxConcurrentConversation: number,
  IsPreset: false,
  ResourceTags: [{ Key: "env", Value: "prod" }],
}));

async function withStack(use: (stack: Stack) => Promise<void>): Promise<void> {
  await using emulator = await startEmulator({ instances });
  const PATH = [join(root, "plugin"), process.env.PATH].join(delimiter);
  await using stack = await createStack(program, { ...emulator.environment, PATH });
  await use(stack);
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
    it(`${version}: no difference in a preview and a refresh, and a destroy`, async () => {
      await withStack(async (stack) => {
        await succeed(stack, "stack", "import", "--file", join(states, `${version}.json`));
        await succeed(stack, "preview", "--diff", "--expect-no-changes");
        await succeed(stack, "refresh", "--yes", "--skip-preview", "--expect-no-changes");
        await succeed(stack, "up", "--yes", "--skip-preview", "--expect-no-changes");
        await succeed(stack, "destroy", "--yes", "--skip-preview");
      });
    });
  }

  // A release writes its own: RECORD_STATE=X.Y.Z npx mocha test/e2e/upgrades.test.ts
  const recorded = process.env.RECORD_STATE;
  if (recorded !== undefined) {
    it(`records a state of ${recorded}`, async () => {
      await withStack(async (stack) => {
        await succeed(stack, "up", "--yes", "--skip-preview");
        mkdirSync(states, { recursive: true });
        // Where the program stood on the machine is nobody's business.
        const isPlace = (key: string) => key === "sourcePosition" || key === "stackTrace";
        const state: unknown = JSON.parse(await succeed(stack, "stack", "export"), (key, value) =>
          isPlace(key) ? undefined : value,
        );
        writeFileSync(join(states, `${recorded}.json`), `${JSON.stringify(state, undefined, 2)}\n`);
      });
    });
  }
});
