import * as alicloud from "@pulumi/alicloud";
import * as pulumi from "@pulumi/pulumi";
import { getInstancesOutput } from "pulumi-outboundbot";

const config = new pulumi.Config();

// The bots for surveys, selected by tag: the program contains no IDs.
export const botIds = getInstancesOutput({ tags: { purpose: "survey" } }).ids.apply((ids) => {
  if (ids.length === 0) {
    throw new pulumi.RunError("No bot has the tag purpose=survey. Add the tag to at least one bot.");
  }
  return ids;
});

const role = new alicloud.ram.Role("survey-caller", {
  roleName: "survey-caller",
  assumeRolePolicyDocument: pulumi.jsonStringify({
    Version: "1",
    Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: ["fc.aliyuncs.com"] } }],
  }),
});

// OutboundBot authorizes operations, not instances: listing bots here would not restrict the function.
const policy = new alicloud.ram.Policy("survey-caller", {
  policyName: "survey-caller",
  description: "Start calls with any bot of the account",
  policyDocument: pulumi.jsonStringify({
    Version: "1",
    Statement: [{ Effect: "Allow", Action: "outboundbot:AssignJobs", Resource: "*" }],
  }),
});

new alicloud.ram.RolePolicyAttachment("survey-caller", {
  roleName: role.roleName,
  policyName: policy.policyName,
  policyType: policy.type,
});

const caller = new alicloud.fc.V3Function("survey-caller", {
  functionName: "survey-caller",
  runtime: "nodejs20",
  handler: "index.handler",
  cpu: 0.5,
  memorySize: 512,
  diskSize: 512,
  role: role.arn,
  code: { ossBucketName: config.require("codeBucket"), ossObjectName: config.require("codeObject") },
  environmentVariables: { BOT_IDS: botIds.apply((ids) => ids.join(",")) },
});

export const functionName = caller.functionName;
