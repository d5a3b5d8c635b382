import assert from "node:assert/strict";
import manifest from "../../package.json";
import { packageVersion } from "../../src/common/version.js";

describe("the version", () => {
  it("matches package.json", () => {
    assert.equal(packageVersion, manifest.version);
  });
});
