// A user's program, for CommonJS and ES modules. Prints its result.
import * as pulumi from "@pulumi/pulumi";
import type { GetInstancesResult } from "pulumi-outboundbot";
import {
  ArgumentError,
  getInstances,
  getInstancesOutput,
  listInstances,
  ServiceError,
} from "pulumi-outboundbot";
import { type Emulator, startEmulator } from "pulumi-outboundbot/emulator";

async function main(): Promise<void> {
  const emulator: Emulator = await startEmulator({ count: 120 });
  Object.assign(process.env, emulator.environment);
  await pulumi.runtime.setMocks({
    newResource: ({ name, inputs }) => ({ id: name, state: inputs }),
    call: ({ inputs }) => getInstances(inputs),
  });
  const { ids }: GetInstancesResult = await getInstances({ tags: { env: "prod", team: "care" } });
  const tags = { env: pulumi.output("prod"), team: "care" };
  const outputIds: string[] = await new Promise((resolve) => {
    getInstancesOutput({ tags }).ids.apply(resolve);
  });
  let streamed = 0;
  for await (const { id } of listInstances()) {
    streamed += id === "" ? 0 : 1;
  }
  const refused: unknown = await getInstances({ pageSize: 0 }).catch((error: unknown) => error);
  const errors = [ArgumentError.isInstance(refused), ServiceError.isInstance(refused)];
  console.log(JSON.stringify({ ids, outputIds, streamed, errors }));
  await emulator.close();
}

void main();
