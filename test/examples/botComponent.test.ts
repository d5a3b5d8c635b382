import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { getInstance } from "pulumi-outboundbot";
import { Bot } from "../../examples/bot-component/bot.js";
import type { Emulator, ServiceInstance } from "../../src/emulator/index.js";
import { assertBuilt } from "../helpers/built.js";
import { use } from "../helpers/client.js";
import { settle, withoutMonitor } from "../helpers/outputs.js";
import { closeAll, start } from "../helpers/running.js";

function bot(id: string, purpose: string, name?: string): ServiceInstance {
  return {
    InstanceId: id,
    ...(name === undefined ? {} : { InstanceName: name }),
    ResourceTags: [{ Key: "purpose", Value: purpose }],
  };
}

class Thing extends pulumi.CustomResource {
  constructor(name: string) {
    super("test:index:Thing", name);
  }
}

class Department extends pulumi.ComponentResource {
  constructor(name: string, opts: pulumi.ComponentResourceOptions) {
    super("test:index:Department", name, {}, opts);
  }
}

describe("examples/bot-component", () => {
  let emulator: Emulator;
  let created: Record<string, { name: string; inputs: object }>;

  before(assertBuilt);
  beforeEach(async () => {
    emulator = await start({
      instances: [
        bot("bot-1", "survey", "Survey"),
        bot("bot-2", "reminder"),
        bot("bot-3", "sales", "Sales"),
        bot("bot-4", "sales", "More sales"),
      ],
    });
    await mock(false);
    use(emulator);
  });
  afterEach(closeAll);
  after(withoutMonitor);

  /** In a preview, a resource that doesn't exist yet has no ID. */
  async function mock(preview: boolean): Promise<void> {
    created = {};
    await pulumi.runtime.setMocks(
      {
        newResource: ({ type, name, inputs: { __provider, ...inputs } }) => {
          created[type] = { name, inputs };
          return { id: preview ? undefined : `${name}-id`, state: inputs };
        },
        call: ({ inputs }) => getInstance(inputs),
      },
      "project",
      "stack",
      preview,
    );
    pulumi.runtime.setAllConfig({});
  }

  it("has the id and the name of its bot, and keeps the bot as its child", async () => {
    const survey = new Bot("survey", { tags: { purpose: pulumi.output("survey") } });
    assert.deepEqual(await settle(survey.botId), { known: true, secret: false, value: "bot-1" });
    assert.deepEqual(await settle(survey.botName), { known: true, secret: false, value: "Survey" });
    await pulumi.runtime.disconnect();
    assert.deepEqual(created, {
      "example:index:Bot": { name: "survey", inputs: { tags: { purpose: "survey" } } },
      "pulumi-nodejs:dynamic/outboundbot:InstanceLookup": {
        name: "survey",
        inputs: { tags: { purpose: "survey" }, onlyIds: ["bot-1"] },
      },
    });
  });

  it("has an empty name if its bot has none", async () => {
    const { botId, botName } = new Bot("reminder", { tags: { purpose: "reminder" } });
    assert.equal((await settle(botId)).value, "bot-2");
    assert.deepEqual(await settle(botName), { known: true, secret: false, value: "" });
  });

  it("is a child of its parent, and the parent of its lookup", async () => {
    const below: string[] = [];
    // A resource inherits the transformations of its ancestors.
    const note: pulumi.ResourceTransformation = ({ type }) => {
      below.push(type);
      return undefined;
    };
    const parent = new Department("care", { transformations: [note] });
    const { urn, botId } = new Bot("survey", { tags: { purpose: "survey" } }, { parent });
    assert.deepEqual(below, [
      "test:index:Department",
      "example:index:Bot",
      "pulumi-nodejs:dynamic/outboundbot:InstanceLookup",
    ]);
    assert.equal(
      (await settle(urn)).value,
      "urn:pulumi:stack::project::test:index:Department$example:index:Bot::survey",
    );
    assert.equal((await settle(botId)).value, "bot-1");
  });

  it("makes no call in a preview while its dependency doesn't exist", async () => {
    await mock(true);
    use(emulator);
    const { botId } = new Bot("survey", { tags: { purpose: "survey" } }, { dependsOn: new Thing("thing") });
    assert.deepEqual(await settle(botId), { known: false, secret: false, value: undefined });
    assert.equal(emulator.counters.calls, 0);
  });

  for (const [what, purpose, message] of [
    [
      "no bot matches its tags",
      "none",
      /getInstance: no instance found with tags \{"purpose":"none"\}\. Check the arguments/,
    ],
    [
      "several bots match, and lists them",
      "sales",
      /getInstance: 2 instances found with tags \{"purpose":"sales"\}, expected one:\n {2}- bot-3 Sales\n {2}- bot-4 More sales\nSelect one/,
    ],
  ] as const) {
    it(`fails when ${what}`, async () => {
      const { botId } = new Bot("bot", { tags: { purpose } });
      await assert.rejects(settle(botId), { name: "InstanceSelectionError", message });
    });
  }
});
