import * as alicloud from "@pulumi/alicloud";
import * as pulumi from "@pulumi/pulumi";
import { getInstanceOutput, getOutboundCallNumbersOutput, getScriptOutput } from "pulumi-outboundbot";

const config = new pulumi.Config();

// Finds the bot by its tag, then its script and numbers: the program contains no IDs.
const bot = getInstanceOutput({ tags: { purpose: "survey" } });
const script = getScriptOutput({
  instanceId: bot.id,
  status: "PUBLISHED",
  nameRegex: config.get("scriptName") ?? ".",
});
const numbers = getOutboundCallNumbersOutput({ instanceId: bot.id }).numbers.apply((found) => {
  if (found.length === 0) {
    throw new pulumi.RunError(
      "The survey bot has no number to call from. Bind a number to it in the console.",
    );
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
  // The parameters InstanceId, ScriptId and CallingNumber of the operation StartJob.
  environmentVariables: {
    INSTANCE_ID: bot.id,
    SCRIPT_ID: script.id,
    CALLING_NUMBERS: numbers.apply((found) => found.join(",")),
  },
});

export const functionName = caller.functionName;
export const scriptName = script.scriptName;
