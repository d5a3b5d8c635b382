import assert from "node:assert/strict";
import { assertBuilt } from "../helpers/built.js";
import { mocked, runMocked } from "../helpers/mocked.js";
import { closeAll, start } from "../helpers/running.js";

const config = {
  "script-and-numbers:role": "acs:ram::account-id:role/survey-caller",
  "script-and-numbers:codeBucket": "code",
  "script-and-numbers:codeObject": "survey-caller.zip",
};

const service = {
  instances: [
    { InstanceId: "bot-1", ResourceTags: [{ Key: "purpose", Value: "survey" }] },
    { InstanceId: "bot-2", ResourceTags: [{ Key: "purpose", Value: "reminder" }] },
  ],
  scripts: {
    "bot-1": [
      { ScriptId: "draft", ScriptName: "Draft", Status: "DRAFTED" },
      { ScriptId: "survey", ScriptName: "回访", Status: "PUBLISHED" },
    ],
    "bot-2": [{ ScriptId: "other", Status: "PUBLISHED" }],
  },
  outboundCallNumbers: {
    "bot-1": [
      { OutboundCallNumberId: "b", Number: "00010002" },
      { OutboundCallNumberId: "a", Number: "00010001" },
    ],
  },
};

// Runs under the SDK's mocks: tests the resources that the program declares, not how Alibaba Cloud creates them.
describe("examples/script-and-numbers", () => {
  before(assertBuilt);
  afterEach(closeAll);

  it("passes the bot, its published script and its numbers to the function", async () => {
    const { environment } = await start(service);
    const { resources, outputs } = await mocked("script-and-numbers", { config, environment });
    assert.deepEqual(resources, {
      "alicloud:fc/v3Function:V3Function survey-caller": {
        functionName: "survey-caller",
        runtime: "nodejs20",
        handler: "index.handler",
        cpu: 0.5,
        memorySize: 512,
        diskSize: 512,
        role: "acs:ram::account-id:role/survey-caller",
        code: { ossBucketName: "code", ossObjectName: "survey-caller.zip" },
        environmentVariables: {
          INSTANCE_ID: "bot-1",
          SCRIPT_ID: "survey",
          CALLING_NUMBERS: "00010001,00010002",
        },
      },
    });
    assert.deepEqual(outputs, { functionName: "survey-caller", scriptName: "回访" });
  });

  it("fails and lists the scripts if several are published and the configuration selects none", async () => {
    const published = [
      { ScriptId: "one", ScriptName: "回访 1", Status: "PUBLISHED", CreateTime: 2 },
      { ScriptId: "two", ScriptName: "回访 2", Status: "PUBLISHED", CreateTime: 1 },
    ];
    const { environment } = await start({ ...service, scripts: { "bot-1": published } });
    const { status, stderr } = await runMocked("script-and-numbers", { config, environment });
    assert.notEqual(status, 0);
    assert.match(
      stderr,
      /getScript: 2 scripts found with instanceId "bot-1".*\n +- two 回访 2\n +- one 回访 1/,
    );
    const chosen = { ...config, "script-and-numbers:scriptName": "1$" };
    const { outputs } = await mocked("script-and-numbers", { config: chosen, environment });
    assert.deepEqual(outputs, { functionName: "survey-caller", scriptName: "回访 1" });
  });

  it("fails without a number", async () => {
    const { environment } = await start({ ...service, outboundCallNumbers: {} });
    const { status, stderr } = await runMocked("script-and-numbers", { config, environment });
    assert.notEqual(status, 0);
    assert.match(stderr, /The survey bot has no number to call from\./);
  });
});
