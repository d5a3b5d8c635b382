import assert from "node:assert/strict";
import type { Emulator } from "../../src/emulator/index.js";
import { startAccounts } from "../helpers/accounts.js";
import { assertBuilt } from "../helpers/built.js";
import { mocked, runMocked } from "../helpers/mocked.js";
import { closeAll } from "../helpers/running.js";

describe("examples/several-accounts", () => {
  before(assertBuilt);
  afterEach(closeAll);

  const signedBy = ({ calls }: Emulator) =>
    calls.map(({ accessKeyId, status, tags }) => ({ accessKeyId, status, tags }));
  const tags = [{ key: "env", value: "prod" }];

  it("lists each account with its own key, and merges the bots", async () => {
    await using accounts = await startAccounts();
    const { care, sales, environment } = accounts;
    const { resources, outputs } = await mocked("several-accounts", { environment });
    assert.deepEqual(outputs, {
      bots: [
        { account: "care", id: "bot-reminder", name: "Name of bot-reminder" },
        { account: "care", id: "bot-hotline", name: "Name of bot-hotline" },
        { account: "sales", id: "bot-offer", name: "Name of bot-offer" },
      ],
      capacity: { care: 30, sales: 40 },
    });
    assert.deepEqual(resources, {});
    assert.deepEqual(signedBy(care), [{ accessKeyId: "care-key", status: 200, tags }]);
    assert.deepEqual(signedBy(sales), [{ accessKeyId: "sales-key", status: 200, tags }]);
  });

  it("lists the configured accounts, even if an access key is set", async () => {
    await using accounts = await startAccounts();
    const { care, sales, environment } = accounts;
    const { outputs } = await mocked("several-accounts", {
      environment: { ...environment, ALICLOUD_ACCESS_KEY: "care-key", ALICLOUD_SECRET_KEY: "care-secret" },
      config: { "several-accounts:profiles": '["sales"]' },
    });
    assert.deepEqual(outputs, {
      bots: [{ account: "sales", id: "bot-offer", name: "Name of bot-offer" }],
      capacity: { sales: 40 },
    });
    assert.equal(care.counters.calls, 0);
    assert.deepEqual(signedBy(sales), [{ accessKeyId: "sales-key", status: 200, tags }]);
  });

  it("fails if an account has no profile", async () => {
    await using accounts = await startAccounts();
    const { status, stderr } = await runMocked("several-accounts", {
      environment: accounts.environment,
      config: { "several-accounts:profiles": '["care","purchase"]' },
    });
    assert.notEqual(status, 0);
    assert.match(
      stderr,
      /Sign-in with profile "purchase" failed: .* has no profile "purchase" \(it has "care", "sales"\)\./,
    );
  });
});
