import assert from "node:assert/strict";
import { inspect } from "node:util";
import { runInThisContext } from "node:vm";
import { ArgumentError, OutboundBotError, ServiceError } from "../../src/index.js";

describe("errors", () => {
  it("have no frames of Pulumi's runtime in their stack, which inspect with colours takes half a minute for", () => {
    const filename = "/program/node_modules/@pulumi/output.ts";
    const fromRuntime: unknown = runInThisContext("(make) => make()", { filename });
    assert.ok(typeof fromRuntime === "function");
    const error: unknown = fromRuntime(() => new OutboundBotError("Some", "A sentence."));
    assert.ok(error instanceof OutboundBotError);
    assert.match(error.stack ?? "", /^[^\n]*A sentence\.\n {4}at /);
    assert.doesNotMatch(error.stack ?? "", /@pulumi/);
    assert.match(inspect(error, { colors: true }), /A sentence\./);
  });

  it("carry the mark by which Pulumi prints a sentence in place of a stack, and hide it from everything else", () => {
    const error = new ArgumentError("getInstances", [{ property: "pageSize", reason: "is odd" }]);
    assert.equal(Reflect.get(error, "__pulumiRunError"), true);
    assert.deepEqual(Object.keys(error), ["code", "problems"]);
  });

  it("are known across two copies of the package, by their kind", () => {
    const error = new ServiceError("Some", "A sentence.", { action: "A", endpoint: "E", statusCode: 400 });
    const copy = Object.create(Error.prototype, Object.getOwnPropertyDescriptors(error));
    assert.equal(ServiceError.isInstance(copy), true);
    assert.equal(OutboundBotError.isInstance(copy), true);
    assert.equal(ArgumentError.isInstance(copy), false);
    assert.equal(OutboundBotError.isInstance(new Error("another")), false);
  });
});
