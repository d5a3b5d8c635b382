import assert from "node:assert/strict";
import type { Emulator } from "../../src/emulator/index.js";
import { assertBuilt } from "../helpers/built.js";
import { needsEngine, whyPending } from "../helpers/engine.js";
import { createProject, hasHost } from "../helpers/languages.js";
import { Project } from "../helpers/project.js";
import { closeAll, start } from "../helpers/running.js";

// The bot's ID passes through a resource, so that it is unknown in the preview of a new stack.
const inTypeScript = `
import * as pulumi from "@pulumi/pulumi";
import { getInstanceOutput, getOutboundCallNumbersOutput, getScriptOutput } from "pulumi-outboundbot";

class Campaign extends pulumi.dynamic.Resource {
  declare readonly bot: pulumi.Output<string>;
  constructor(name: string, botId: pulumi.Input<string>) {
    super({ create: async (inputs) => ({ id: "campaign", outs: { bot: inputs.botId } }) }, name, { botId, bot: undefined });
  }
}

const found = getInstanceOutput({ tags: { purpose: "survey" } });
const instanceId = new Campaign("campaign", found.id).bot;
export const scriptId = getScriptOutput({ instanceId, status: "PUBLISHED" }).id;
export const numbers = getOutboundCallNumbersOutput({ instanceId }).numbers;
`;

const inPython = `
import pulumi
import pulumi_outboundbot as outboundbot
from pulumi.dynamic import CreateResult, Resource, ResourceProvider

class CampaignProvider(ResourceProvider):
    def create(self, props):
        return CreateResult(id_="campaign", outs={"bot": props["bot_id"]})

class Campaign(Resource):
    bot: pulumi.Output[str]
    def __init__(self, name, bot_id):
        super().__init__(CampaignProvider(), name, {"bot_id": bot_id, "bot": None})

found = outboundbot.get_instance_output(tags={"purpose": "survey"})
campaign = Campaign("campaign", found.id)
pulumi.export("scriptId", outboundbot.get_script_output(instance_id=campaign.bot, status="PUBLISHED").id)
pulumi.export("numbers", outboundbot.get_outbound_call_numbers_output(instance_id=campaign.bot).numbers)
`;

const service = {
  instances: [{ InstanceId: "bot-1", ResourceTags: [{ Key: "purpose", Value: "survey" }] }],
  scripts: {
    "bot-1": [
      { ScriptId: "draft", Status: "DRAFTED" },
      { ScriptId: "survey", Status: "PUBLISHED" },
    ],
  },
  outboundCallNumbers: { "bot-1": [{ OutboundCallNumberId: "number-1", Number: "00015550100" }] },
};
const outputs = { scriptId: "survey", numbers: ["00015550100"] };

function actions({ calls }: Emulator): string[] {
  return [...new Set(calls.map(({ action }) => action ?? ""))].sort();
}
const all = ["ListInstances", "ListOutboundCallNumbers", "ListScripts"];

describe(`from a tag to a bot, its script and its numbers, on a real engine${whyPending}`, function () {
  this.timeout(600_000);
  before(function () {
    needsEngine.call(this);
    assertBuilt();
  });
  afterEach(closeAll);

  it("in TypeScript: no call with an unknown instanceId, and the outputs after the update", async () => {
    const emulator = await start(service);
    const project = new Project("lookup-by-tag", emulator);
    try {
      project.program(inTypeScript);
      await project.succeed("stack", "init", "test");
      await project.succeed("preview");
      assert.deepEqual(actions(emulator), ["ListInstances"]);
      await project.succeed("up", "--yes", "--skip-preview");
      assert.deepEqual(JSON.parse(await project.succeed("stack", "output", "--json")), outputs);
      assert.deepEqual(actions(emulator), all);
      await project.succeed("up", "--yes", "--skip-preview", "--expect-no-changes");
      await project.succeed("destroy", "--yes");
    } finally {
      project.remove();
    }
  });

  it("in Python with the plugin: the same", async function () {
    if (!hasHost("python")) {
      this.skip();
    }
    const emulator = await start(service);
    await using project = await createProject("python", emulator.environment, { "__main__.py": inPython });
    const succeed = async (...args: string[]) => {
      const { ok, text, stdout } = await project.run(args);
      assert.ok(ok, text);
      return stdout;
    };
    await succeed("package", "add", "./node_modules/pulumi-outboundbot/plugin");
    await succeed("stack", "init", "test");
    await succeed("preview");
    assert.deepEqual(actions(emulator), ["ListInstances"]);
    await succeed("up", "--yes", "--skip-preview");
    assert.deepEqual(JSON.parse(await succeed("stack", "output", "--json")), outputs);
    assert.deepEqual(actions(emulator), all);
  });
});
