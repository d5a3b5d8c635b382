import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { root } from "../helpers/child.js";

/** Returns the folder in which the plugin puts its compile cache; empty when it has none. */
function folderWith(home: string, variables: Record<string, string>): string {
  const script = `
    require("node:module").enableCompileCache = (folder) => process.stdout.write(folder);
    require("node:os").homedir = () => { ${home} };
    require("./src/plugin/compileCache.ts");`;
  return execFileSync(process.execPath, ["--import", "tsx", "--eval", script], {
    cwd: root,
    env: { PATH: process.env.PATH, ...variables },
    encoding: "utf8",
  });
}

describe("the plugin's compile cache", () => {
  it("is in Pulumi's home folder, never in the project's", () => {
    assert.equal(folderWith("", { PULUMI_HOME: "/pulumi" }), "/pulumi/cache/outboundbot");
    assert.equal(folderWith("", { PULUMI_HOME: "", HOME: "/me" }), "/me/.pulumi/cache/outboundbot");
  });

  it("is off for a user without a home directory", () => {
    assert.equal(folderWith('throw new Error("no such user")', {}), "");
  });
});
