import assert from "node:assert/strict";
import { type GetInstancesArgs, type Instance, instances } from "../../src/lists/instances.js";
import type { AsRead } from "../../src/lists/listApi.js";
import { select } from "../../src/lookup/result.js";

function instance(id: string, fields: Partial<Instance> = {}): AsRead<Instance> {
  return { id, ...fields };
}

describe("the parameters of ListInstances", () => {
  it("have the API's names, and an empty tag value as a key alone", () => {
    assert.deepEqual(
      instances.parameters({ tags: { env: "prod", any: "" }, name: "n", resourceGroupId: "rg-1" }),
      {
        Name: "n",
        ResourceGroupId: "rg-1",
        Tag: [{ Key: "env", Value: "prod" }, { Key: "any" }],
      },
    );
  });

  it("leave out the arguments that the service doesn't filter by", () => {
    const sent = instances.parameters({ ids: ["a"], nameRegex: "b" });
    assert.deepEqual(JSON.parse(JSON.stringify(sent)), { Tag: [] });
  });
});

describe("selection", () => {
  function ids(args: GetInstancesArgs, returned: readonly AsRead<Instance>[]) {
    const { items, unexpected } = select(instances, args, returned);
    return [items.map(({ id }) => id).join(), unexpected];
  }

  it("drops an instance without a requested tag, and counts it", () => {
    const returned = [
      instance("both", { tags: { env: "prod", team: "care", more: "x" } }),
      instance("other-value", { tags: { env: "dev", team: "care" } }),
      instance("one", { tags: { env: "prod" } }),
      instance("none", { tags: {} }),
      instance("case", { tags: { Env: "prod", team: "care" } }),
      instance("unshown"),
    ];
    assert.deepEqual(ids({ tags: { env: "prod", team: "care" } }, returned), ["both,unshown", 4]);
  });

  it("matches any value of the tag for an empty value", () => {
    const returned = [
      instance("a", { tags: { env: "prod" } }),
      instance("b", { tags: { env: "" } }),
      instance("c", { tags: { team: "x" } }),
    ];
    assert.deepEqual(ids({ tags: { env: "" } }, returned), ["a,b", 1]);
  });

  it("doesn't match inherited properties as tags", () => {
    assert.deepEqual(ids({ tags: { toString: "" } }, [instance("a", { tags: {} })]), ["", 1]);
  });

  it("drops an instance of another resource group, and keeps one without the field", () => {
    const returned = [
      instance("a", { resourceGroupId: "rg-1" }),
      instance("b", { resourceGroupId: "rg-2" }),
      instance("c"),
    ];
    assert.deepEqual(ids({ resourceGroupId: "rg-1" }, returned), ["a,c", 1]);
  });

  it("treats an empty resource group as a missing one", () => {
    const returned = [instance("empty", { resourceGroupId: "" }), instance("b", { resourceGroupId: "rg-2" })];
    assert.deepEqual(ids({ resourceGroupId: "rg-1" }, returned), ["empty", 1]);
  });

  it("keeps instances of every resource group by default", () => {
    const returned = [instance("a", { resourceGroupId: "rg-1" }), instance("b", { resourceGroupId: "rg-2" })];
    assert.deepEqual(ids({}, returned), ["a,b", 0]);
  });

  it("doesn't check names that the service matched", () => {
    assert.deepEqual(ids({ name: "bot" }, [instance("a", { instanceName: "my bot 2" })]), ["a", 0]);
  });

  it("keeps the requested IDs, none for an empty list, without counting mismatches", () => {
    const returned = [instance("a"), instance("b"), instance("c")];
    assert.deepEqual(ids({ ids: ["c", "a", "x"] }, returned), ["a,c", 0]);
    assert.deepEqual(ids({ ids: [] }, returned), ["", 0]);
  });

  it("matches nameRegex anywhere in the name, with case, and never an instance without a name", () => {
    const returned = [
      instance("a", { instanceName: "催收机器人-1" }),
      instance("b", { instanceName: "Bot" }),
      instance("c", { instanceName: "bot 2" }),
      instance("d", { instanceName: "" }),
      instance("e"),
    ];
    assert.deepEqual(ids({ nameRegex: "机器人" }, returned), ["a", 0]);
    assert.deepEqual(ids({ nameRegex: "bot" }, returned), ["c", 0]);
    assert.deepEqual(ids({ nameRegex: "(?i)bot$" }, returned), ["b", 0]);
    assert.deepEqual(ids({ nameRegex: "^$" }, returned), ["d", 0]);
    assert.deepEqual(ids({ nameRegex: ".*" }, returned), ["a,b,c,d", 0]);
  });

  // The timeout is the assertion: a backtracking engine would never finish.
  it("matches patterns that hang other engines in linear time", () => {
    const returned = [instance("a", { instanceName: `${"a".repeat(5_000)}!` })];
    for (const nameRegex of ["^(a+)+$", "^(a|aa)+$", "^(a|a?)+$", "^(.*a){12}$", "(x+x+)+y"]) {
      assert.deepEqual(ids({ nameRegex }, returned), ["", 0], nameRegex);
    }
  });

  it("applies all of it together", () => {
    const returned = [
      instance("a", { instanceName: "bot", tags: { env: "prod" } }),
      instance("b", { instanceName: "bot", tags: { env: "dev" } }),
      instance("c", { instanceName: "other", tags: { env: "prod" } }),
      instance("d", { instanceName: "bot", tags: { env: "prod" } }),
    ];
    assert.deepEqual(ids({ tags: { env: "prod" }, nameRegex: "bot", ids: ["a", "b", "c"] }, returned), [
      "a",
      1,
    ]);
  });
});
