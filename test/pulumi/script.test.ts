import assert from "node:assert/strict";
import { runProgram } from "../helpers/child.js";
import { closeAll, start } from "../helpers/running.js";

describe("a script outside an engine", () => {
  afterEach(closeAll);

  it("keeps standard output free: progress goes to standard error", async () => {
    const { environment } = await start({ count: 300, latency: 600 });
    const { status, stdout, stderr } = await runProgram("console.log((await getInstances()).totalCount);", {
      ...environment,
      OUTBOUNDBOT_MAX_CONCURRENCY: "1",
    });
    assert.equal(status, 0, stderr);
    assert.equal(stdout, "300\n");
    assert.match(stderr, /^OutboundBot: read \d+ of \d+ instances \(\d+ pages?\)\n/);
  });
});
