import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import * as sdk from "../../src/pulumi/sdk.js";

describe("the parts of Pulumi's SDK that the package imports", () => {
  it("are the exports of @pulumi/pulumi", () => {
    const { log, ...parts } = sdk;
    for (const [name, part] of Object.entries(parts)) {
      assert.equal(part, Reflect.get(pulumi, name) ?? Reflect.get(pulumi.runtime, name), name);
    }
    for (const [name, part] of Object.entries(log)) {
      assert.equal(part, Reflect.get(pulumi.log, name), name);
    }
  });
});
