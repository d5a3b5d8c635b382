// Runs examples/lookup-by-tag under Pulumi's mocks and prints the values of the resources that it would create.
import * as pulumi from "@pulumi/pulumi";
import { getInstances } from "pulumi-outboundbot";
import { heading, showFound } from "./terminal.mjs";

const resources = [];
await pulumi.runtime.setMocks(
  {
    newResource: ({ name, inputs }) => {
      resources.push({ name, inputs });
      return { id: `${name}-id`, state: inputs };
    },
    // Within `call`, the function runs instead of being mocked.
    call: ({ inputs }) => getInstances(inputs),
  },
  "outboundbot-lookup-by-tag",
  "mocked",
);

await import("../examples/lookup-by-tag/index.ts");
await pulumi.runtime.disconnect();
heading("Instances found by tag, for the settings of two dialers (not written)");
showFound(
  Object.fromEntries(
    resources.map(({ name, inputs }) => [
      name,
      inputs.bots.map(({ id, instanceName, maxConcurrentConversation }) => ({
        id,
        name: instanceName,
        calls: maxConcurrentConversation,
      })),
    ]),
  ),
);
