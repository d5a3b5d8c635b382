import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
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
import { settle } from "../helpers/outputs.js";
import { closeAll, start } from "../helpers/running.js";

/** A resource that the mocks create. */
class Thing extends pulumi.CustomResource {
  declare readonly env: pulumi.Output<string>;

  constructor(name: string, env: pulumi.Input<string>, opts?: pulumi.CustomResourceOptions) {
    super("test:index:Thing", name, { env }, opts);
  }
}

/** A component that creates its child late. */
class Parent extends pulumi.ComponentResource<void> {
  child: Thing | undefined;

  constructor(name: string) {
    super("test:index:Parent", name);
  }

  protected override async initialize(): Promise<void> {
    await setImmediate();
    this.child = new Thing("child", "prod", { parent: this });
  }
}

/** A component that another process constructs. */
class Remote extends pulumi.ComponentResource {
  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super("test:index:Remote", name, {}, opts, true);
  }
}

/** A component with a remote component inside. */
class Outer extends pulumi.ComponentResource {
  constructor(name: string) {
    super("test:index:Outer", name);
    new Remote("inner", { parent: this });
  }
}

// Runs under the SDK's mocks; test/e2e runs on a real engine.
describe("Output forms", () => {
  let emulator: Emulator;
  /** Completes the resources that are being created. */
  let create: () => void;
  let created: Promise<void>;

  beforeEach(async () => {
    emulator = use(await start({ count: 30 }));
    created = new Promise((resolve) => {
      create = resolve;
    });
  });
  afterEach(closeAll);
  after(() => mock(false));

  /** In a preview, a resource that doesn't exist yet has no ID, and its outputs are unknown. */
  async function mock(preview: boolean): Promise<void> {
    await pulumi.runtime.setMocks(
      {
        newResource: async ({ name, inputs }) => {
          if (!preview && name === "child") {
            await created;
          }
          return { id: preview ? undefined : `${name}-id`, state: inputs };
        },
        call: ({ inputs }) => inputs,
      },
      "project",
      "stack",
      preview,
    );
    pulumi.runtime.setAllConfig({});
    if (emulator !== undefined) {
      use(emulator);
    }
  }

  describe("in a preview", () => {
    beforeEach(() => mock(true));

    const unknown = () => pulumi.output(new Thing("thing", "prod").id);
    const unknowns: Record<string, () => pulumi.Output<unknown>> = {
      "a text": () => getInstancesOutput({ name: unknown() }),
      "a tag's value": () => getInstancesOutput({ tags: { a: "b", env: unknown() } }),
      "all tags": () => getInstancesOutput({ tags: unknown().apply((env) => ({ env })) }),
      "one id of several": () => getInstancesOutput({ ids: ["a", unknown()] }),
      "a number": () => getInstancesOutput({ pageSize: unknown().apply(Number) }),
      "the endpoint": () => getInstancesOutput({ endpoint: unknown() }),
      "the one instance": () => getInstanceOutput({ name: unknown() }),
      "a resource to wait for": () => getInstancesOutput({}, { dependsOn: new Thing("thing", "prod") }),
      "resources to wait for": () => getInstancesOutput({}, { dependsOn: [new Thing("thing", "prod")] }),
      "a component to wait for": () => getInstancesOutput({}, { dependsOn: new Parent("parent") }),
      // No engine tells whether it has children that don't exist yet.
      "a remote component to wait for": () => getInstancesOutput({}, { dependsOn: new Remote("remote") }),
      "a remote component in another one": () => getInstancesOutput({}, { dependsOn: [new Outer("outer")] }),
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
  });

  describe("in an update", () => {
    beforeEach(() => mock(false));

    it("use the values of resources", async () => {
      const thing = new Thing("thing", "prod");
      const { value } = await settle(
        getInstancesOutput({ tags: { env: thing.env } }).apply(({ tags }) => tags),
      );
      assert.deepEqual(value, { env: "prod" });
    });

    it("wait for the children of a component, however late they are created", async () => {
      const parent = new Parent("parent");
      const ids = settle(getInstancesOutput({}, { dependsOn: [parent] }).ids);
      for (let turn = 0; turn < 50; turn++) {
        await setImmediate();
      }
      assert.equal(emulator.counters.calls, 0);
      create();
      const { known, value } = await ids;
      assert.equal(known, true);
      assert.equal(Array.isArray(value) && value.length, 30);
    });

    it("look up after a remote component", async () => {
      const dependsOn = [new Remote("remote"), new Outer("outer")];
      assert.equal((await settle(getInstancesOutput({}, { dependsOn }).totalCount)).value, 30);
    });

    it("wait for an Output of a list of resources", async () => {
      const dependsOn = pulumi.output([new Thing("one", "a"), new Thing("two", "b")]);
      assert.equal((await settle(getInstancesOutput({}, { dependsOn }).totalCount)).value, 30);
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

    it("reject a dependency that isn't a resource", async () => {
      const notResource = JSON.parse('"thing"');
      await assert.rejects(
        settle(getInstancesOutput({}, { dependsOn: notResource })),
        /opts\.dependsOn must contain only resources/,
      );
    });
  });
});
