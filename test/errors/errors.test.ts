import assert from "node:assert/strict";
import { inspect } from "node:util";
import { runInThisContext } from "node:vm";
import { ArgumentError, OutboundBotError, ServiceError } from "../../src/index.js";

describe("errors", () => {
  it("have no frames of Pulumi's runtime in their stack, which would slow down inspect", () => {
    const filename = "/program/node_modules/@pulumi/output.ts";
    const fromRuntime: unknown = runInThisContext("(make) => make()", { filename });
    assert.ok(typeof fromRuntime === "function");
    const error: unknown = fromRuntime(() => new OutboundBotError("Some", "A sentence."));
    assert.ok(error instanceof OutboundBotError);
    assert.match(error.stack ?? "", /^[^\n]*A sentence\.\n {4}at /);
    assert.doesNotMatch(error.stack ?? "", /@pulumi/);
    assert.match(inspect(error, { colors: true }), /A sentence\./);
  });

  it("have a hidden mark by which Pulumi prints the message instead of the stack", () => {
    const error = new ArgumentError("getInstances", [{ property: "pageSize", reason: "is odd" }]);
    assert.equal(Reflect.get(error, "__pulumiRunError"), true);
    assert.deepEqual(Object.keys(error), ["code", "problems"]);
  });

  it("are recognized across two copies of the package, by class", () => {
    const copy = secondCopy();
    const call = { action: "A", endpoint: "E", statusCode: 400 };
    const foreign = new copy.ServiceError("Some", "A sentence.", call);
    assert.notEqual(copy.ServiceError, ServiceError);
    for (const kind of [ServiceError, OutboundBotError]) {
      assert.equal(foreign instanceof kind, true);
      assert.equal(kind.isInstance(foreign), true);
    }
    assert.equal(foreign instanceof ArgumentError, false);
    assert.equal(ArgumentError.isInstance(foreign), false);
    assert.equal(OutboundBotError.isInstance(new Error("another")), false);
  });

  it("support classes that a user derives", () => {
    class Derived extends ServiceError {}
    const call = { action: "A", endpoint: "E", statusCode: 400 };
    assert.equal(new Derived("Some", "A sentence.", call) instanceof ServiceError, true);
    assert.equal(new ServiceError("Some", "A sentence.", call) instanceof Derived, false);
  });

  it("have retryable, reason and advice as fields, and compose the message once", () => {
    const call = { action: "A", endpoint: "E", statusCode: 503 };
    const details = { advice: "Wait.", attempts: { count: 3, elapsed: 1250 } };
    const error = new ServiceError("Some", "It failed", call, details);
    assert.equal(error.message, "It failed. Gave up after 3 attempts (1.3 s). Wait.");
    assert.deepEqual([error.reason, error.advice, error.retryable], ["It failed", "Wait.", true]);
    assert.equal(new ServiceError("Forbidden", "No", { ...call, statusCode: 403 }).retryable, false);
  });
});

/** Loads a second copy of the errors module, as a dependency of a program may do. */
function secondCopy(): typeof import("../../src/errors/errors.js") {
  const path = require.resolve("../../src/errors/errors.ts");
  const first = require.cache[path];
  delete require.cache[path];
  const second: typeof import("../../src/errors/errors.js") = require(path);
  require.cache[path] = first;
  return second;
}
