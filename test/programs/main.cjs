// Like main.ts, in JavaScript as CommonJS.
const pulumi = require("@pulumi/pulumi");
const lookup = require("pulumi-outboundbot");
const { startEmulator } = require("pulumi-outboundbot/emulator");

const { ArgumentError, getInstances, getInstancesOutput, listInstances, ServiceError } = lookup;

async function main() {
  const emulator = await startEmulator({ count: 120 });
  Object.assign(process.env, emulator.environment);
  await pulumi.runtime.setMocks({
    newResource: ({ name, inputs }) => ({ id: name, state: inputs }),
    call: ({ inputs }) => getInstances(inputs),
  });
  const { ids } = await getInstances({ tags: { env: "prod", team: "care" } });
  const tags = { env: pulumi.output("prod"), team: "care" };
  const outputIds = await new Promise((resolve) => {
    getInstancesOutput({ tags }).ids.apply(resolve);
  });
  let streamed = 0;
  for await (const { id } of listInstances()) {
    streamed += id === "" ? 0 : 1;
  }
  const refused = await getInstances({ pageSize: 0 }).catch((error) => error);
  const errors = [ArgumentError.isInstance(refused), ServiceError.isInstance(refused)];
  console.log(JSON.stringify({ ids, outputIds, streamed, errors }));
  await emulator.close();
}

void main();
