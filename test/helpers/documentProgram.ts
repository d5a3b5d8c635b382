// Runs the program at the given path under Pulumi's mocks in its own process, and prints its outputs as JSON.
import * as pulumi from "@pulumi/pulumi";
import * as outboundbot from "pulumi-outboundbot";
import { settle } from "./outputs.js";

async function main(path: string): Promise<void> {
  await pulumi.runtime.setMocks({
    newResource: ({ name, inputs }) => ({ id: name, state: inputs }),
    // Within `call`, a function runs instead of being mocked.
    call: ({ token, inputs }) => Reflect.get(outboundbot, token.split(":").at(-1) ?? "")(inputs),
  });
  const exported: unknown = require(path);
  const { value } = await settle(pulumi.output(typeof exported === "function" ? exported() : exported));
  await pulumi.runtime.disconnect();
  console.log(JSON.stringify(value));
}

void main(process.argv[2] ?? "");
