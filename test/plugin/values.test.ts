import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { decode, encode } from "../../src/plugin/values.js";
import { containsUnknown, unknownValue } from "../../src/resource/unknown.js";
import { secret } from "../helpers/pluginProcess.js";

describe("the plugin's values", () => {
  it("are not known yet where the SDK says so", () => {
    assert.equal(unknownValue, pulumi.runtime.unknownValue);
    assert.ok(containsUnknown({ tags: { env: [unknownValue] } }));
    assert.ok(!containsUnknown({ tags: { env: ["prod", null, 1] } }));
  });

  it("are unwrapped, also deep down, and the engine's other texts for what is unknown are one", () => {
    const unknownList = "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2";
    const wire = encode({ tags: { env: secret("prod") }, ids: unknownList, pageSize: 5, gone: undefined });
    const { values, secrets } = decode(wire);
    assert.deepEqual(values, { tags: { env: "prod" }, ids: unknownValue, pageSize: 5 });
    assert.deepEqual([...secrets], ["tags"]);
    assert.deepEqual(decode(undefined), { values: {}, secrets: new Set() });
  });

  it("are wrapped where they are secret", () => {
    assert.deepEqual(encode({ a: [1], b: "x" }, ["b", "absent"]).toJavaScript(), { a: [1], b: secret("x") });
  });
});
