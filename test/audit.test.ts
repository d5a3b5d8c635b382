import assert from "node:assert/strict";
import lockfile from "../package-lock.json";
import { environment, run } from "./helpers/child.js";
import { endAll, standIn } from "./helpers/standIn.js";

/** Runs `npm run check:audit` against a registry. */
function audit(registry: string, CI?: string) {
  const env = environment({
    npm_config_registry: registry,
    NO_PROXY: "127.0.0.1",
    no_proxy: "127.0.0.1",
    CI,
  });
  return run(process.execPath, ["scripts/audit.mjs"], { env });
}

describe("check:audit", () => {
  afterEach(endAll);

  const advisory = {
    id: 1,
    title: "t",
    url: "https://example.com",
    severity: "high",
    vulnerable_versions: "*",
  };

  it("fails for a known vulnerability, and passes without one", async () => {
    const { version } = lockfile.packages["node_modules/re2js"];
    const packument = {
      name: "re2js",
      "dist-tags": { latest: version },
      versions: { [version]: { name: "re2js", version } },
    };
    for (const [advisories, status, output] of [
      [{}, 0, /^No known vulnerabilities\n$/],
      [{ re2js: [advisory] }, 1, /"re2js"/],
    ] as const) {
      const { origin } = await standIn(({ path }) => ({ body: path === "/re2js" ? packument : advisories }));
      const ended = await audit(origin);
      assert.equal(ended.status, status, ended.stderr);
      assert.match(ended.stdout, output);
    }
  });

  it("passes at a registry that has no audits, and says so", async () => {
    for (const status of [404, 405]) {
      const { origin } = await standIn(() => ({ status, body: {} }));
      const ended = await audit(origin, "true");
      assert.deepEqual(
        [ended.status, ended.stdout],
        [0, `NOT CHECKED: the registry has no audit endpoint (status ${status})\n`],
      );
    }
  });

  it("fails if the registry fails, after retries", async () => {
    let calls = 0;
    const { origin } = await standIn(() => {
      calls++;
      return { status: 503, body: {} };
    });
    const ended = await audit(origin);
    assert.deepEqual([ended.status, ended.stdout, calls], [1, "", 3]);
    assert.match(ended.stderr, /^Attempt 3 of 3 failed: 503 Service Unavailable/m);
  });

  it("fails in CI if the registry can't be reached, and passes elsewhere", async () => {
    const { origin } = await standIn(() => ({ body: {} }));
    endAll();
    const [inCi, elsewhere] = [await audit(origin, "true"), await audit(origin)];
    assert.equal(inCi.status, 1);
    assert.equal(elsewhere.status, 0);
    assert.match(elsewhere.stdout, /^NOT CHECKED: the registry can't be reached \(/);
  });
});
