import assert from "node:assert/strict";
import { startEmulator } from "../../src/emulator/index.js";
import { createStack, needsEngine, whyPending } from "../helpers/engine.js";

const program = `
  const { getInstances, getInstancesOutput, InstanceLookup } = require("pulumi-outboundbot");
  const bots = new InstanceLookup("bots");
  exports.kept = bots.instances;
  exports.later = getInstancesOutput().instances;
  exports.now = getInstances().then(({ instances }) => instances);
`;

const asset = "c44067f5952c0a294b673a41bacd8c17";
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

describe(`texts that Pulumi interprets, on a real engine${whyPending}`, function () {
  this.timeout(180_000);
  before(needsEngine);

  it("break no deployment, read no file and cause a warning", async () => {
    const tags = [
      { Key: "4dabf18193072939515e22adb298388d", Value: asset },
      { Key: "path", Value: "/etc/hostname" },
      { Key: "env", Value: unknown },
    ];
    await using emulator = await startEmulator({
      instances: [
        { InstanceId: "a", InstanceName: unknown, CreationTime: 1, ResourceTags: tags },
        { InstanceId: "b", InstanceName: "b", CreationTime: 2, InstanceDescription: asset },
      ],
    });
    await using stack = await createStack(program, emulator.environment);
    const up = await stack.run(["up", "--yes", "--skip-preview"]);
    assert.ok(up.ok, up.text);
    assert.match(
      up.text,
      /instance "a", Instances\[0\]\.ResourceTags\[0\]\.Key is 4dabf18193072939515e22adb298388d/,
    );
    const again = await stack.run(["up", "--yes", "--skip-preview", "--expect-no-changes"]);
    assert.ok(again.ok, again.text);
    const { stdout } = await stack.run(["stack", "output", "--json"]);
    const { kept, later, now }: Record<string, { id: string; tags?: object }[]> = JSON.parse(stdout);
    for (const instances of [kept, later, now]) {
      assert.deepEqual(
        instances?.map(({ id, tags: left }) => [id, left]),
        [
          ["a", { path: "/etc/hostname" }],
          ["b", {}],
        ],
      );
    }
  });
});
