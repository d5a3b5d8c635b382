// Runs one program of examples/ under Pulumi's mocks and prints its resources and outputs as JSON. It has its own process,
// because a program runs when it is first loaded and mocks apply to a whole process.
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { MockedRun, ProviderAnswers } from "./mocked.js";

async function main(example: string, { functions, computed }: ProviderAnswers): Promise<void> {
  const resources: MockedRun["resources"] = {};
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        resources[`${type} ${name}`] = inputs;
        return { id: `${name}-id`, state: { ...inputs, ...computed?.[type] } };
      },
      call: ({ token, inputs }) => {
        const ofPackage = findFunction(token);
        if (ofPackage !== undefined) {
          return ofPackage(inputs);
        }
        const result = functions?.[token];
        if (result === undefined) {
          throw new Error(`The program called ${token}, for which the test has no result.`);
        }
        return result;
      },
    },
    example,
    "test",
  );
  const exported: Record<string, unknown> = require(join(__dirname, "../../examples", example, "index.ts"));
  const outputs = await new Promise((resolve) => pulumi.output({ ...exported }).apply(resolve));
  await pulumi.runtime.disconnect();
  console.log(JSON.stringify({ resources, outputs }));
}

/** The functions of this package look up for real, in the emulator. */
function findFunction(token: string): ((args: object) => Promise<object>) | undefined {
  return token.startsWith("outboundbot:index:")
    ? Reflect.get(require("pulumi-outboundbot"), token.slice("outboundbot:index:".length))
    : undefined;
}

const [example = "", answers = ""] = process.argv.slice(2);
void main(example, JSON.parse(answers));
