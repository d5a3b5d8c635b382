// Runs examples/lookup-by-tag under Pulumi's mocks and prints its outputs, and the resources that it would create.
import * as pulumi from "@pulumi/pulumi";

const resources = [];
await pulumi.runtime.setMocks(
  {
    newResource: ({ type, name, inputs }) => {
      const { __provider, ...visible } = inputs;
      resources.push({ type, name, inputs: visible });
      return { id: `${name}-id`, state: inputs };
    },
    call: ({ inputs }) => inputs,
  },
  "outboundbot-lookup-by-tag",
  "mocked",
);

const { default: program, ...named } = await import("../examples/lookup-by-tag/index.ts");
const outputs = named["module.exports"] ?? program ?? named;
for (const [name, output] of Object.entries(outputs)) {
  const ids = await new Promise((resolve) => output.apply(resolve));
  console.log(`${name}: ${ids.length} instances`);
  for (const id of ids) {
    console.log(`  ${id}`);
  }
}
await pulumi.runtime.disconnect();
console.log("\nIt would have created:");
for (const { type, name, inputs } of resources) {
  console.log(`  ${type} ${name}: ${inputs.file}, ${inputs.bots.length} bots`);
}
