import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Credentials } from "../../src/api/credentials.js";
import { Transport } from "../../src/api/transport.js";
import { instanceLookup } from "../../src/lookup/functions.js";

import { resolveSettings } from "../../src/settings/settings.js";
import { defaultChain } from "../../src/signIn/openCredentials.js";
import { shareCredentials } from "../../src/signIn/sharedCredentials.js";
import { closeAll, start } from "../helpers/running.js";
import { metadataStandIn, type Values } from "../helpers/signingIn.js";
import { endAll, makeHome, standIn } from "../helpers/standIn.js";

const minute = 60_000;

/** A source with numbered credentials, on the test's own clock. */
function numbered(life: number | undefined) {
  const state = { now: 1_000_000, asked: 0, failing: false };
  const source = shareCredentials(
    async (): Promise<Credentials> => {
      state.asked++;
      if (state.failing) {
        throw new Error("the source is down");
      }
      const expiration = life === undefined ? {} : { expiration: state.now + life };
      return { accessKeyId: `id-${state.asked}`, accessKeySecret: "s", providerName: "test", ...expiration };
    },
    () => state.now,
  );
  return { state, idNow: async () => (await source.getCredentials()).accessKeyId };
}

describe("shared credentials", () => {
  afterEach(async () => {
    endAll();
    await closeAll();
  });

  it("are requested once for concurrent callers", async () => {
    const { state, idNow } = numbered(60 * minute);
    assert.deepEqual(new Set(await Promise.all([idNow(), idNow(), idNow()])), new Set(["id-1"]));
    assert.equal(state.asked, 1);
  });

  it("are renewed 15 minutes before they expire", async () => {
    const { state, idNow } = numbered(120 * minute);
    await idNow();
    state.now += 104 * minute;
    assert.equal(await idNow(), "id-1");
    state.now += 2 * minute;
    assert.deepEqual(await Promise.all([idNow(), idNow()]), ["id-2", "id-2"]);
  });

  it("with a short lifetime are renewed after three quarters of it", async () => {
    const { state, idNow } = numbered(16 * minute);
    await idNow();
    state.now += 11 * minute;
    assert.equal(await idNow(), "id-1");
    state.now += 2 * minute;
    assert.equal(await idNow(), "id-2");
  });

  it("without an expiration are requested again after five minutes", async () => {
    const { state, idNow } = numbered(undefined);
    await idNow();
    state.now += 4 * minute;
    assert.equal(await idNow(), "id-1");
    state.now += 2 * minute;
    assert.equal(await idNow(), "id-2");
  });

  it("are used until they expire while they can't be renewed", async () => {
    const { state, idNow } = numbered(60 * minute);
    await idNow();
    state.failing = true;
    state.now += 50 * minute;
    assert.equal(await idNow(), "id-1");
    assert.equal(await idNow(), "id-1");
    assert.equal(state.asked, 2);
    state.now += 11 * minute;
    await assert.rejects(idNow(), /the source is down/);
    state.failing = false;
    assert.equal(await idNow(), "id-4");
  });

  it("that arrive expired don't cause a sign-in for every call", async () => {
    const { state, idNow } = numbered(-minute);
    assert.deepEqual([await idNow(), await idNow()], ["id-1", "id-1"]);
    assert.equal(state.asked, 1);
  });

  it("of the default chain stay with the step that succeeded", async () => {
    const metadata = await metadataStandIn();
    const home = makeHome();
    const variables = { HOME: home, OUTBOUNDBOT_METADATA_ENDPOINT: metadata.origin };
    const { signIn: environment, transport } = resolveSettings(
      {},
      { config: () => undefined, environment: variables },
    );
    const resolve = defaultChain({
      environment,
      transport: new Transport(transport, 1),
      userAgent: "test",
      warn: assert.fail,
    });
    assert.equal((await resolve()).providerName, "ecs_ram_role");
    const profile = { name: "p", mode: "AK", access_key_id: "LTAIlatelate", access_key_secret: "s" };
    mkdirSync(join(home, ".aliyun"));
    writeFileSync(
      join(home, ".aliyun", "config.json"),
      JSON.stringify({ current: "p", profiles: [profile] }),
    );
    assert.equal((await resolve()).providerName, "ecs_ram_role");
  });

  it("of an assume-role profile take one STS call for 200 concurrent lookups", async () => {
    const keys = {
      accessKeyId: "STS.roleKeyId1234",
      accessKeySecret: "roleSecret",
      securityToken: "role+token/=",
    };
    const emulator = await start({ ...keys, count: 5 });
    const sts = await standIn(() => ({
      body: {
        RequestId: "1",
        Credentials: {
          AccessKeyId: keys.accessKeyId,
          AccessKeySecret: keys.accessKeySecret,
          SecurityToken: keys.securityToken,
          Expiration: new Date(Date.now() + 60 * minute).toISOString(),
        },
      },
    }));
    const profile = {
      name: "role",
      mode: "RamRoleArn",
      access_key_id: "LTAIbasebase",
      access_key_secret: "base",
      ram_role_arn: "acs:ram::1:role/r",
    };
    const environment: Values = {
      HOME: makeHome({ ".aliyun/config.json": { current: "role", profiles: [profile] } }),
      ALIBABA_CLOUD_PROFILE: "role",
      ALIBABA_CLOUD_STS_ENDPOINT: sts.origin,
      ALIBABA_CLOUD_ENDPOINT_OUTBOUNDBOT: emulator.endpoint,
    };
    const context = {
      sources: { config: () => undefined, environment },
      warn: assert.fail,
      progress: () => {},
    };
    const lookups = Array.from({ length: 200 }, (_, index) =>
      instanceLookup.all("getInstances", { resourceGroupId: `rg-${index}` }, context),
    );
    await Promise.all(lookups);
    assert.equal(emulator.counters.calls, 200);
    assert.equal(sts.received.length, 1);
  });
});
