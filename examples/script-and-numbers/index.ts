import * as alicloud from "@pulumi/alicloud";
import * as pulumi from "@pulumi/pulumi";
import { getInstanceOutput, getOutboundCallNumbersOutput, getScriptOutput } from "pulumi-outboundbot";

const config = new pulumi.Config();

// The bot by its tag, then what belongs to it. No ID is written down here.
const bot = getInstanceOutput({ tags: { purpose: "survey" } });
const script = getScriptOutput({
  instanceId: bot.id,
  status: "PUBLISHED",
  nameRegex: config.get("scriptName") ?? ".",
});
const numbers = getOutboundCallNumbersOutput({ instanceId: bot.id }).numbers.apply((found) => {
  if (found.length === 0) {
    throw new pulumi.RunError("The survey bot has no number to call from. Bind one to it in the console.");
  }
  return found;
});

const caller = new alicloud.fc.V3Function("survey-caller", {
  functionName: "survey-caller",
  runtime: "nodejs20",
  handler: "index.handler",
  cpu: 0.5,
  memorySize: 512,
  diskSize: 512,
  role: config.require("role"),
  code: { ossBucketName: config.require("codeBucket"), ossObjectName: config.require("codeObject") },
  // What the API's StartJob takes as InstanceId, ScriptId and CallingNumber.
  environmentVariables: {
    INSTANCE_ID: bot.id,
    SCRIPT_ID: script.id,
    CALLING_NUMBERS: numbers.apply((found) => found.join(",")),
  },
});

export const functionName = caller.functionName;
export const scriptName = script.scriptName;
