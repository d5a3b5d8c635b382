import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import { type DependsOn, whenCreated } from "../../src/pulumi/dependsOn.js";
import { settle, withoutMonitor } from "../helpers/outputs.js";

/** A resource that the mocks create. */
class Thing extends pulumi.CustomResource {
  constructor(name: string, opts?: pulumi.CustomResourceOptions) {
    super("test:index:Thing", name, {}, opts);
  }
}

/** A component that creates its child late. */
class Parent extends pulumi.ComponentResource<void> {
  protected override async initialize(): Promise<void> {
    await setImmediate();
    new Thing("child", { parent: this });
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

const newParent = () => new Parent("test:index:Parent", "parent");

// Runs under the SDK's mocks; test/e2e runs on a real engine.
describe("dependsOn", () => {
  /** Completes the child that is being created. */
  let create: () => void;

  /** In a preview, a resource that doesn't exist yet has no ID. */
  async function mock(preview: boolean): Promise<void> {
    const created = new Promise<void>((resolve) => {
      create = resolve;
    });
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
  }
  after(withoutMonitor);

  const dependencies: Record<string, () => DependsOn> = {
    "a resource": () => new Thing("thing"),
    resources: () => [new Thing("one"), new Thing("two")],
    "an Output of resources": () => pulumi.output([new Thing("one"), new Thing("two")]),
    "a component": newParent,
    // No engine tells whether it has children that don't exist yet.
    "a remote component": () => new Remote("remote"),
    "a remote component in another one": () => [new Outer("outer")],
  };
  for (const [what, declare] of Object.entries(dependencies)) {
    it(`is unknown in the preview that creates ${what}, and known in the update`, async () => {
      await mock(true);
      assert.equal((await settle(whenCreated(declare()))).known, false);
      await mock(false);
      create();
      assert.equal((await settle(whenCreated(declare()))).known, true);
    });
  }

  it("waits for the children of a component, however late they are created", async () => {
    await mock(false);
    let isCreated = false;
    const created = settle(whenCreated(newParent()).apply(() => isCreated));
    for (let turn = 0; turn < 50; turn++) {
      await setImmediate();
    }
    isCreated = true;
    create();
    assert.deepEqual(await created, { known: true, secret: false, value: true });
  });

  it("treats a component without children as created", async () => {
    await mock(true);
    assert.equal(
      (await settle(whenCreated(new pulumi.ComponentResource("test:index:Empty", "empty")))).known,
      true,
    );
  });

  it("rejects what isn't a resource", async () => {
    const notResource = JSON.parse('"thing"');
    await assert.rejects(settle(whenCreated(notResource)), /opts\.dependsOn must contain only resources/);
  });
});
