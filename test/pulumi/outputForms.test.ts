import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { unknown } from "@pulumi/pulumi/output.js";
import type { Emulator } from "../../src/emulator/index.js";
import {
  ArgumentError,
  getInstanceOutput,
  getInstances,
  getInstancesOutput,
  ServiceError,
} from "../../src/index.js";
import { use } from "../helpers/client.js";
import { forbidden } from "../helpers/faults.js";
import { settle, withoutMonitor } from "../helpers/outputs.js";
import { closeAll, start } from "../helpers/running.js";

// Runs without an engine; test/e2e runs on a real one.
describe("Output forms", () => {
  let emulator: Emulator;

  beforeEach(async () => {
    withoutMonitor();
    emulator = use(await start({ count: 30 }));
  });
  afterEach(closeAll);

  const not: pulumi.Output<string> = pulumi.output<object>(unknown).apply(String);
  const unknowns: Record<string, () => pulumi.Output<unknown>> = {
    "a text": () => getInstancesOutput({ name: not }),
    "a tag's value": () => getInstancesOutput({ tags: { a: "b", env: not } }),
    "all tags": () => getInstancesOutput({ tags: not.apply((env) => ({ env })) }),
    "one id of several": () => getInstancesOutput({ ids: ["a", not] }),
    "a number": () => getInstancesOutput({ pageSize: not.apply(Number) }),
    "the endpoint": () => getInstancesOutput({ endpoint: not }),
    "the one instance": () => getInstanceOutput({ name: not }),
  };
  for (const [what, run] of Object.entries(unknowns)) {
    it(`make no call while ${what} is unknown`, async () => {
      assert.deepEqual(await settle(run()), { known: false, secret: false, value: undefined });
      assert.equal(emulator.counters.calls, 0);
    });
  }

  it("make the call when everything is known", async () => {
    const { known, value } = await settle(getInstancesOutput({ tags: { env: pulumi.output("prod") } }).ids);
    const matching = emulator.instances.filter(({ ResourceTags }) =>
      ResourceTags?.some(({ Key, Value }) => Key === "env" && Value === "prod"),
    );
    assert.equal(known, true);
    assert.equal(Array.isArray(value) && value.length, matching.length);
    assert.equal(emulator.counters.calls, 1);
  });

  it("make the result secret only when an argument is", async () => {
    const secrets = [
      getInstancesOutput({ tags: { env: pulumi.secret("prod") } }),
      getInstancesOutput({ ids: [pulumi.secret("a")] }),
      getInstanceOutput({ ids: [pulumi.secret(emulator.instances[0]?.InstanceId ?? "")] }),
    ];
    for (const output of secrets) {
      assert.equal((await settle(output)).secret, true);
    }
    assert.equal((await settle(getInstancesOutput({ tags: { env: "prod" } }))).secret, false);
  });

  it("return the fields of the result as Outputs", async () => {
    const first = emulator.instances[0];
    const one = getInstanceOutput({ ids: [first?.InstanceId ?? ""] });
    assert.equal((await settle(one.apply(({ creatorId }) => creatorId))).value, String(first?.CreatorId));
    assert.equal((await settle(getInstancesOutput().instances[0]?.id ?? pulumi.output(""))).known, true);
  });

  it("accept null for no options, as JavaScript programs pass it", async () => {
    const none = JSON.parse("null");
    assert.equal((await settle(getInstancesOutput({}, none).totalCount)).value, 30);
    assert.equal((await getInstances({}, none)).totalCount, 30);
  });

  it("fail as the direct form does", async () => {
    const bad: object = { tags: { env: pulumi.output(7) } };
    await assert.rejects(settle(getInstancesOutput(bad)), (error) => {
      assert.ok(ArgumentError.isInstance(error), String(error));
      assert.equal(error.problems[0]?.property, "tags.env");
      return true;
    });
    emulator.setFaults(forbidden);
    await assert.rejects(settle(getInstancesOutput()), ServiceError.isInstance);
  });

  it("reject an explicit provider immediately", () => {
    const provider = Object.create(pulumi.ProviderResource.prototype);
    for (const run of [getInstancesOutput, getInstanceOutput]) {
      assert.throws(() => run({}, { provider }), ArgumentError.isInstance);
    }
    assert.equal(emulator.counters.calls, 0);
  });
});
