import assert from "node:assert/strict";
import fc from "fast-check";
import { changedProperties } from "../../src/resource/difference.js";

describe("changedProperties", () => {
  const state = {
    tags: { env: "prod" },
    onlyIds: ["a", "b"],
    totalCount: 2,
    instancesById: {
      a: { id: "a", instanceName: "first", tags: { env: "prod", team: "" } },
      b: { id: "b", creationTime: 1578469042851, isPreset: false },
    },
  };

  it("finds nothing where nothing changed", () => {
    assert.deepEqual(changedProperties(state, structuredClone(state)), []);
  });

  it("names what changed, sorted", () => {
    const { b: _b, ...others } = state.instancesById;
    assert.deepEqual(changedProperties(state, { ...state, totalCount: 1, instancesById: others }), [
      "instancesById",
      "totalCount",
    ]);
    assert.deepEqual(changedProperties(state, { ...state, tags: { env: "test" } }), ["tags"]);
    assert.deepEqual(changedProperties(state, { ...state, nameRegex: "x" }), ["nameRegex"]);
  });

  it("detects a field of one instance that was changed, added or removed", () => {
    const { a, b } = state.instancesById;
    for (const changed of [{ ...a, instanceName: "renamed" }, { ...a, ownerName: "me" }, { id: "a" }]) {
      assert.deepEqual(changedProperties(state, { ...state, instancesById: { a: changed, b } }), [
        "instancesById",
      ]);
    }
  });

  it("distinguishes values of different types and similar values", () => {
    for (const [one, other] of [
      [1, "1"],
      [false, "false"],
      [[], {}],
      [["a", "b"], ["a,b"]],
      [["a"], ["a", "a"]],
      ["", undefined],
      [0, null],
    ]) {
      assert.deepEqual(changedProperties({ value: one }, { value: other }), ["value"]);
    }
  });

  it("treats null, which the engine drops, as absent", () => {
    assert.deepEqual(changedProperties({ ...state, profile: null }, state), []);
  });

  it("does not depend on any order", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.array(fc.jsonValue())), (olds) => {
        const news = Object.fromEntries(
          Object.entries(olds)
            .reverse()
            .map(([name, list]) => [name, [...list].reverse()]),
        );
        assert.deepEqual(changedProperties(olds, news), []);
      }),
    );
  });
});
