import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { ArgumentError, InstanceLookup, type InstanceLookupArgs } from "../../src/index.js";
import { withoutMonitor } from "../helpers/outputs.js";

describe("InstanceLookup", () => {
  const registered: pulumi.runtime.MockResourceArgs[] = [];
  before(() =>
    pulumi.runtime.setMocks({
      newResource(resource) {
        registered.push(resource);
        const state = { ...resource.inputs, ids: ["a"], totalCount: 7 };
        return { id: `${resource.name}-id`, state };
      },
      call: ({ inputs }) => inputs,
    }),
  );
  beforeEach(() => registered.splice(0));
  after(withoutMonitor);

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

  it("returns the result of the mocks as it is", async () => {
    const bots = new InstanceLookup("bots");
    assert.deepEqual(await known(bots.ids), ["a"]);
    assert.equal(await known(bots.names), undefined);
    assert.equal(await known(bots.instances), undefined);
    assert.equal(await known(bots.totalCount), 7);
  });

  it("rejects undefined in tags and ids", () => {
    const env: string = JSON.parse("{}").env;
    const rejected: [args: InstanceLookupArgs, message: string][] = [
      [{ tags: { env } }, "InstanceLookup: tags.env must be a string, got undefined"],
      [{ tags: { "a b": env, team: "care" } }, 'InstanceLookup: tags["a b"] must be a string, got undefined'],
      [{ ids: ["a", env] }, "InstanceLookup: ids[1] must be a string, got undefined"],
    ];
    for (const [args, message] of rejected) {
      assert.throws(() => new InstanceLookup("bots", args), { message: `${message}.` });
    }
    assert.equal(registered.length, 0);
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
