import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { assertBuilt } from "../helpers/built.js";
import { environment, root, run } from "../helpers/child.js";
import { throttled } from "../helpers/faults.js";
import { closeAll, start } from "../helpers/running.js";

const isThere = spawnSync("bun", ["--version"]).status === 0;

const program = `
  const { ArgumentError, getInstances, getInstancesOutput, InstanceLookup, listInstances } = require("./dist/index.js");
  async function main() {
    const { ids, totalCount } = await getInstances();
    const fromOutput = await new Promise((resolve) => getInstancesOutput({ nameRegex: "." }).ids.apply(resolve));
    let streamed = 0;
    for await (const _ of listInstances()) {
      streamed++;
    }
    const refused = await getInstances({ pageSize: 0 }).catch((error) => error instanceof ArgumentError);
    let lookup;
    try {
      new InstanceLookup("bots");
    } catch (error) {
      lookup = error.code;
    }
    console.log(JSON.stringify([ids.length, totalCount, fromOutput.length, streamed, refused, lookup]));
    process.exit(0);
  }
  main();
`;

describe(`under Bun${isThere ? "" : " (pending: no bun on PATH)"}`, () => {
  before(function () {
    if (!isThere) {
      this.skip();
    }
    assertBuilt();
  });
  afterEach(closeAll);

  it("supports functions, Output forms, streams and errors, and InstanceLookup reports that it isn't supported", async () => {
    const emulator = await start({ count: 250, faults: [{ ...throttled, every: 4 }] });
    const { status, stdout, stderr } = await run("bun", ["--eval", program], {
      cwd: root,
      env: environment(emulator.environment),
    });
    assert.equal(status, 0, stderr);
    assert.deepEqual(JSON.parse(stdout), [250, 250, 250, 250, true, "UnsupportedRuntime"]);
  });
});
