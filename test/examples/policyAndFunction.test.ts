import assert from "node:assert/strict";
import type { ServiceInstance } from "../../src/emulator/index.js";
import { assertBuilt } from "../helpers/built.js";
import { mocked, runMocked } from "../helpers/mocked.js";
import { closeAll, start } from "../helpers/running.js";

function bot(id: string, purpose: string, age: number): ServiceInstance {
  return {
    InstanceId: id,
    CreationTime: 1_700_000_000_000 + age,
    ResourceTags: [{ Key: "purpose", Value: purpose }],
  };
}

const options = {
  config: {
    "policy-and-function:codeBucket": "code",
    "policy-and-function:codeObject": "survey-caller.zip",
  },
  computed: {
    "alicloud:ram/role:Role": { arn: "acs:ram::account-id:role/survey-caller" },
    "alicloud:ram/policy:Policy": { type: "Custom" },
  },
};

// Runs under the SDK's mocks: tests the resources that the program declares, not how Alibaba Cloud creates them.
describe("examples/policy-and-function", () => {
  before(assertBuilt);
  afterEach(closeAll);

  it("puts the bots with the tag into the environment, oldest first, and only the action into the policy", async () => {
    const { environment } = await start({
      instances: [bot("bot-2", "survey", 2), bot("bot-3", "reminder", 3), bot("bot-1", "survey", 1)],
    });
    const { resources, outputs } = await mocked("policy-and-function", { ...options, environment });
    assert.deepEqual(resources, {
      "alicloud:ram/role:Role survey-caller": {
        roleName: "survey-caller",
        assumeRolePolicyDocument:
          '{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Service":["fc.aliyuncs.com"]}}]}',
      },
      "alicloud:ram/policy:Policy survey-caller": {
        policyName: "survey-caller",
        description: "Start calls with any bot of the account",
        policyDocument:
          '{"Version":"1","Statement":[{"Effect":"Allow","Action":"outboundbot:AssignJobs","Resource":"*"}]}',
      },
      "alicloud:ram/rolePolicyAttachment:RolePolicyAttachment survey-caller": {
        roleName: "survey-caller",
        policyName: "survey-caller",
        policyType: "Custom",
      },
      "alicloud:fc/v3Function:V3Function survey-caller": {
        functionName: "survey-caller",
        runtime: "nodejs20",
        handler: "index.handler",
        cpu: 0.5,
        memorySize: 512,
        diskSize: 512,
        role: "acs:ram::account-id:role/survey-caller",
        code: { ossBucketName: "code", ossObjectName: "survey-caller.zip" },
        environmentVariables: { BOT_IDS: "bot-1,bot-2" },
      },
    });
    assert.deepEqual(outputs, { botIds: ["bot-1", "bot-2"], functionName: "survey-caller" });
  });

  it("fails without bots", async () => {
    const { environment } = await start({ instances: [bot("bot-1", "reminder", 1)] });
    const { status, stderr } = await runMocked("policy-and-function", { ...options, environment });
    assert.notEqual(status, 0);
    assert.match(stderr, /No bot has the tag purpose=survey\. Add the tag to at least one bot\./);
  });
});
