import assert from "node:assert/strict";
import { join } from "node:path";
import { assertBuilt } from "../helpers/built.js";
import { environment, root, run } from "../helpers/child.js";
import { npm } from "../helpers/npm.js";

describe("examples/unit-testing", () => {
  before(assertBuilt);

  it("passes npm test, even with the developer's own keys and endpoint in the environment", async () => {
    const [command, ...args] = npm("--silent", "test", "--", "--reporter", "json");
    const { status, stdout, stderr } = await run(command, args, {
      cwd: join(root, "examples", "unit-testing"),
      env: environment({
        ALICLOUD_ACCESS_KEY: "own-key",
        ALICLOUD_SECRET_KEY: "own-secret",
        ALIBABA_CLOUD_ENDPOINT_OUTBOUNDBOT: "http://127.0.0.1:1",
      }),
    });
    assert.equal(status, 0, stdout + stderr);
    // On a slow machine, progress is printed before.
    const { passes, failures, pending } = JSON.parse(stdout.slice(stdout.indexOf("{\n")));
    assert.deepEqual(
      passes.map(({ title }: { title: string }) => title),
      [
        "passes the production bots to the dialer",
        "passes the production bots to the dialer, oldest first",
        "succeeds after two throttled requests",
        "fails and creates nothing if there is no production bot",
        "fails with the service's error code if the access key may not list bots",
      ],
    );
    assert.deepEqual([...failures, ...pending], []);
  });
});
