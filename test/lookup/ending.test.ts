import assert from "node:assert/strict";
import { runProgram } from "../helpers/child.js";
import { forbidden } from "../helpers/faults.js";
import { closeAll, start } from "../helpers/running.js";

// Uses the real SDK over HTTP against the emulator. Proves nothing about undocumented behavior of the service.
describe("lookup", () => {
  afterEach(closeAll);

  // A call's timeout is 10 s: a process that ends well before that has no timer of a call or lookup left.
  describe("lets the process end", () => {
    for (const [what, program, faults] of [
      ["after a success", "console.log((await getInstances()).ids.length);", []],
      [
        "after a failure",
        "await getInstances().catch((error) => console.log(error.code));",
        [{ ...forbidden, page: 3 }],
      ],
      [
        "after leaving a stream with requests in flight",
        "for await (const { id } of listInstances()) { console.log(id); break; }",
        [{ kind: "hang", page: 2 }],
      ],
    ] as const) {
      it(what, async () => {
        const emulator = await start({ count: 450, faults });
        const ended = await runProgram(program, emulator.environment);
        assert.equal(ended.status, 0, ended.stderr);
        assert.notEqual(ended.stdout, "");
        assert.ok(ended.lingered < 3_000, `it lived on for ${ended.lingered} ms`);
      });
    }
  });
});
