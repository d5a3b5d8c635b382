import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import fc from "fast-check";
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import { containsUnknown, unknownValue } from "../../src/common/reserved.js";
import { StatusError } from "../../src/plugin/statusError.js";
import { decode } from "../../src/plugin/wireReader.js";
import { encode } from "../../src/plugin/wireWriter.js";
import { secret } from "../helpers/pluginProcess.js";

describe("the plugin's values", () => {
  it("are unknown where the SDK marks them", () => {
    assert.equal(unknownValue, pulumi.runtime.unknownValue);
    assert.ok(containsUnknown({ tags: { env: [unknownValue] } }));
    assert.ok(!containsUnknown({ tags: { env: ["prod", null, 1] } }));
  });

  it("are unwrapped at every depth, with one marker for all unknown values", () => {
    const unknownList = "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2";
    const wire = encode({ tags: { env: secret("prod") }, ids: unknownList, pageSize: 5, gone: undefined });
    const { values, secrets } = decode(wire);
    assert.deepEqual(values, { tags: { env: "prod" }, ids: unknownValue, pageSize: 5 });
    assert.deepEqual([...secrets], ["tags"]);
    assert.deepEqual(decode(Buffer.alloc(0)), { values: {}, secrets: new Set() });
  });

  it("survive a round trip, and match google-protobuf's encoding", () => {
    const value = fc.jsonValue({ noUnicodeString: false, maxDepth: 4 });
    // JSON values, the format of the engine's states, without -0.
    const json = fc
      .dictionary(fc.string({ unit: "binary" }), value)
      .map((values): Record<string, JavaScriptValue> => JSON.parse(JSON.stringify(values)));
    fc.assert(
      fc.property(json, (values) => {
        assert.deepEqual(decode(encode(values)).values, values);
        const ours = Struct.deserializeBinary(encode(values)).toJavaScript();
        const theirs = Struct.fromJavaScript(values);
        assert.deepEqual(ours, theirs.toJavaScript());
        assert.deepEqual(decode(Buffer.from(theirs.serializeBinary())).values, ours);
      }),
    );
  });

  it("keep the key __proto__ at every depth, and survive a lone surrogate", () => {
    const values: Record<string, unknown> = JSON.parse(
      '{"__proto__": {"__proto__": "x", "constructor": 1}, "l": [{"__proto__": [true, null]}]}',
    );
    const decoded = decode(encode(values)).values;
    assert.equal(JSON.stringify(decoded), JSON.stringify(values));
    assert.deepEqual(decode(encode({ a: "\ud800" })).values, { a: "\ufffd" });
  });

  it("can have any length, and a truncated message is rejected", () => {
    const long = Object.fromEntries([1, 127, 128, 16_383, 16_384, 2_097_152].map((n) => [n, "é".repeat(n)]));
    const struct = encode({ long });
    assert.deepEqual(decode(struct).values, { long });
    const bytes = encode({ a: [{ b: 1.5 }, "c", true] });
    for (let length = 1; length < bytes.length; length++) {
      assert.throws(() => decode(bytes.subarray(0, length)), StatusError);
    }
  });

  it("are wrapped if they are secret", () => {
    const wire = Struct.deserializeBinary(encode({ a: [1], b: "x" }, ["b", "absent"]));
    assert.deepEqual(wire.toJavaScript(), { a: [1], b: secret("x") });
  });
});
