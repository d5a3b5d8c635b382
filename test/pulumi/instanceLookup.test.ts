import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { ArgumentError, InstanceLookup } from "../../src/index.js";

describe("InstanceLookup", () => {
  const registered: pulumi.runtime.MockResourceArgs[] = [];
  before(() =>
    pulumi.runtime.setMocks({
      newResource(resource) {
        registered.push(resource);
        const second = { id: "b", instanceId: "b", creationTime: 2, instanceName: "Second" };
        const first = { id: "a", instanceId: "a", creationTime: 1 };
        const state = { ...resource.inputs, instancesById: { b: second, a: first }, totalCount: 7 };
        return { id: `${resource.name}-id`, state };
      },
      call: ({ inputs }) => inputs,
    }),
  );
  beforeEach(() => registered.splice(0));

  it("registers under its type token, with the arguments as inputs and ids under another name", async () => {
    const bots = new InstanceLookup("bots", {
      tags: { env: pulumi.output("prod") },
      ids: ["a"],
      pageSize: 5,
    });
    await known(bots.urn);
    const [sent] = registered;
    assert.equal(sent?.type, "pulumi-nodejs:dynamic/outboundbot:InstanceLookup");
    const { __provider, ...inputs } = sent.inputs;
    assert.deepEqual(inputs, { tags: { env: "prod" }, onlyIds: ["a"], pageSize: 5 });
  });

  it("returns the instances as lists, oldest first", async () => {
    const bots = new InstanceLookup("bots");
    assert.deepEqual(await known(bots.ids), ["a", "b"]);
    assert.deepEqual(await known(bots.names), ["", "Second"]);
    // In the state of version 0.1.0, the first instance has no name and no tags.
    const first = { id: "a", instanceId: "a", creationTime: 1, instanceName: "", tags: {} };
    const second = { id: "b", instanceId: "b", creationTime: 2, instanceName: "Second", tags: {} };
    assert.deepEqual(await known(bots.instances), [first, second]);
    assert.deepEqual(await known(bots.instancesById), { a: first, b: second });
    assert.equal(await known(bots.totalCount), 7);
  });

  it("is secret when an argument or part of one is", async () => {
    const bots = new InstanceLookup("bots", { tags: { env: pulumi.secret("prod") } });
    await known(bots.urn);
    assert.equal(await pulumi.isSecret(pulumi.output(bots.tags)), true);
  });

  it("rejects all unsupported options at once", () => {
    assert.throws(
      () => new InstanceLookup("bots", {}, { import: "nonexistent", id: "nonexistent" }),
      (error: unknown) =>
        ArgumentError.isInstance(error) &&
        error.problems.map(({ property }) => property).join() === "opts.import,opts.id",
    );
    assert.equal(registered.length, 0);
  });
});

function known<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => {
    output.apply(resolve);
  });
}
