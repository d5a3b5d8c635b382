import assert from "node:assert/strict";
import { once } from "node:events";
import { createConnection } from "node:net";
import { generateInstances } from "../../src/emulator/generator.js";
import { type EmulatorOptions, startEmulator } from "../../src/emulator/index.js";
import { parseItems } from "../../src/emulator/items.js";
import { toSettings } from "../../src/emulator/options.js";
import { getSigned, json, send, signVersion1 } from "../helpers/http.js";
import { closeAll, start } from "../helpers/running.js";

const instancesOf = (text: string) => toSettings({ instances: parseItems(text) }).instances;

describe("emulator", () => {
  afterEach(closeAll);

  it("states its endpoint and the settings of a client", async () => {
    const emulator = await start({ accessKeyId: "id", accessKeySecret: "secret", securityToken: "token" });
    assert.match(emulator.endpoint, /^http:\/\/127\.0\.0\.1:\d+$/);
    assert.deepEqual(emulator.environment, {
      ALIBABA_CLOUD_ENDPOINT_OUTBOUNDBOT: emulator.endpoint,
      ALICLOUD_ACCESS_KEY: "id",
      ALICLOUD_SECRET_KEY: "secret",
      ALICLOUD_SECURITY_TOKEN: "token",
      ALIBABA_CLOUD_ACCESS_KEY_ID: "id",
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: "secret",
      ALIBABA_CLOUD_SECURITY_TOKEN: "token",
    });
  });

  it("logs and counts its calls, and passes each to onCall before the response is sent", async () => {
    const seen: string[] = [];
    const emulator = await start({ onCall: ({ code = "" }) => seen.push(code) });
    await getSigned(emulator, {
      PageNumber: "2",
      PageSize: "5",
      "Tag.1.Key": "env",
      "Tag.2.Key": "team",
      "Tag.2.Value": "care",
    });
    await getSigned({ ...emulator, accessKeyId: "other" });
    const [{ time, ...first } = { time: 0 }, second] = emulator.calls;
    assert.ok(Math.abs(Date.now() - time) < 60_000);
    assert.deepEqual(first, {
      action: "ListInstances",
      pageNumber: 2,
      pageSize: 5,
      tags: [
        { key: "env", value: undefined },
        { key: "team", value: "care" },
      ],
      accessKeyId: "emulator-access-key-id",
      status: 200,
      code: "OK",
      faults: [],
    });
    assert.deepEqual([second?.accessKeyId, second?.status], ["other", 404]);
    assert.deepEqual(emulator.counters, {
      calls: 2,
      byCode: { OK: 1, "InvalidAccessKeyId.NotFound": 1 },
    });
    assert.deepEqual(seen, ["OK", "InvalidAccessKeyId.NotFound"]);
  });

  it("closes immediately and repeatedly, with idle, waiting and silent connections", async () => {
    const emulator = await start({ latency: 600_000 });
    const { port, hostname } = new URL(emulator.endpoint);
    const silent = createConnection(Number(port), hostname);
    await once(silent, "connect");
    const waiting = assert.rejects(getSigned(emulator), { code: "ECONNRESET" });
    while (emulator.counters.calls === 0) {
      await new Promise(setImmediate);
    }
    const closed = once(silent, "close");
    await Promise.all([emulator.close(), emulator.close()]);
    await emulator.close();
    await Promise.all([waiting, closed]);
    await assert.rejects(getSigned(emulator), { code: "ECONNREFUSED" });
  });

  it("closes at the end of an await using block", async () => {
    const emulator = await startEmulator();
    await emulator[Symbol.asyncDispose]();
    await assert.rejects(getSigned(emulator), { code: "ECONNREFUSED" });
  });

  it("reports a port that is in use", async () => {
    const { endpoint } = await start();
    await assert.rejects(startEmulator({ port: Number(new URL(endpoint).port) }), { code: "EADDRINUSE" });
  });

  const wrong: readonly [EmulatorOptions, RegExp][] = [
    [{ port: 65_536 }, /^port must be a whole number from 0 to 65535, got 65536\.$/],
    [{ count: -1 }, /^count must be a whole number from 0 to 100000, got -1\.$/],
    [{ count: 100_001 }, /^count must be/],
    [{ latency: 0.5 }, /^latency must be/],
    [{ pageLimit: 0 }, /^pageLimit must be a whole number from 1 to 100000, got 0\.$/],
    [{ rateLimit: 0 }, /^rateLimit must be a number above 0 and up to 1000000, got 0\.$/],
    [{ rateLimit: 1, rateLimitBurst: 0 }, /^rateLimitBurst must be/],
    [{ accessKeyId: "" }, /^accessKeyId must be printable ASCII without spaces or commas\.$/],
    [
      { accessKeySecret: "planted secret" },
      /^accessKeySecret must be printable ASCII without spaces or commas\.$/,
    ],
    [
      { instances: [{ InstanceId: "a" }, { InstanceId: "a" }] },
      /^InstanceId must be unique, but "a" occurs twice\.$/,
    ],
    [
      { instances: [{ InstanceId: "a", CreatorId: -1n }] },
      /^instances\[0\]\.CreatorId must be a bigint from 0 to 9223372036854775807, got -1\.$/,
    ],
  ];
  for (const [options, message] of wrong) {
    it(`rejects ${Object.keys(options)}: ${message}`, () =>
      assert.rejects(startEmulator(options), { name: "EmulatorOptionError", message }));
  }

  it("answers only to the names of this machine, so that no web page can read its responses", async () => {
    const emulator = await start({ count: 3 });
    const { port } = new URL(emulator.endpoint);
    const statusAt = async (host: string) => {
      const url = `${emulator.endpoint}/?${signVersion1(emulator, "GET")}`;
      return (await send(url, { headers: { host } })).status;
    };
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, "LocalHost", `[::1]:${port}`]) {
      assert.equal(await statusAt(host), 200, host);
    }
    for (const host of [
      `attacker.example:${port}`,
      "127.0.0.1.attacker.example",
      "localhost.",
      "[::2]",
      "0.0.0.0",
    ]) {
      assert.equal(await statusAt(host), 421, host);
    }
    assert.deepEqual(emulator.counters.byCode, { OK: 4, MisdirectedRequest: 5 });
  });

  describe("data", () => {
    it("keeps an exact CreatorId", async () => {
      const instances = instancesOf(
        '{"Instances":[{"InstanceId":"a","CreatorId":9007199254740993,"CreationTime":5}]}',
      );
      assert.deepEqual(instances, [{ InstanceId: "a", CreatorId: 9007199254740993n, CreationTime: 5 }]);
      const { text } = await getSigned(await start({ instances }));
      assert.match(
        text,
        /"Instances":\[\{"InstanceId":"a","CreationTime":5,"CreatorId":9007199254740993\}\]\}$/,
      );
    });

    it("can be a saved response of the service", async () => {
      const source = await start({ count: 30 });
      const { text } = await getSigned(source, { PageSize: "100" });
      assert.deepEqual(instancesOf(text), source.instances);
    });

    const broken: readonly [string, RegExp][] = [
      ["7", /^instances must be a list, got 7\.$/],
      ['{"Instances":{}}', /^instances must be a list, got an object\.$/],
      [
        '{"Instances":[{"InstanceId":"a"},{}]}',
        /^instances\[1\]\.InstanceId must be a non-empty string, got nothing\.$/,
      ],
      ['[{"InstanceId":1}]', /^instances\[0\]\.InstanceId must be a non-empty string, got 1\.$/],
      [
        '[{"InstanceId":"a","NluProfile":{}}]',
        /^instances\[0\] has an unknown field "NluProfile"\. Its fields are InstanceId, InstanceName, /,
      ],
      [
        '[{"InstanceId":"a","CreatorId":9223372036854775808}]',
        /CreatorId must be a bigint from 0 to 9223372036854775807, got 9223372036854775808\.$/,
      ],
      [
        '[{"InstanceId":"a","CreationTime":1.5}]',
        /CreationTime must be a whole number from 0 to 9007199254740991, got 1\.5\.$/,
      ],
      ['[{"InstanceId":"a","IsPreset":"yes"}]', /IsPreset must be true or false, got "yes"\.$/],
      ['[{"InstanceId":"a","ResourceTags":{"env":"prod"}}]', /ResourceTags must be a list, got an object\.$/],
      [
        '[{"InstanceId":"a","ResourceTags":[{"Key":"env"}]}]',
        /ResourceTags\[0\]\.Value must be a string, got nothing\.$/,
      ],
      [
        '[{"InstanceId":"a","ResourceTags":[{"Key":"e","Value":"p","x":1}]}]',
        /ResourceTags\[0\] has an unknown field "x"\. Its fields are Key, Value\.$/,
      ],
    ];
    for (const [text, message] of broken) {
      it(`rejects ${text}`, () =>
        assert.throws(() => instancesOf(text), { name: "EmulatorOptionError", message }));
    }

    it("is generated deterministically, with all kinds of values", () => {
      const instances = generateInstances(1000);
      assert.deepEqual(instances.slice(0, 10), generateInstances(10));
      assert.equal(new Set(instances.map(({ InstanceId }) => InstanceId)).size, 1000);
      const times = instances.map(({ CreationTime = 0 }) => CreationTime);
      assert.ok(new Set(times).size <= 800, "ties");
      assert.notDeepEqual(
        times,
        times.toSorted((a, b) => a - b),
      );
      assert.ok(instances.every(({ CreatorId = 0n }) => BigInt(Number(CreatorId)) !== CreatorId));
      const tags = new Set(instances.flatMap(({ ResourceTags = [] }) => ResourceTags.map(({ Key }) => Key)));
      assert.deepEqual([...tags], ["env", "team", "部门", "note", "pilot"]);
    });

    it("can have 100,000 instances, all of which are returned", async () => {
      const emulator = await start({ count: 100_000 });
      const answer = json(await getSigned(emulator, { PageSize: "100", PageNumber: "1000" }));
      assert.equal(answer.TotalCount, 100_000);
      assert.ok(Array.isArray(answer.Instances));
      assert.equal(answer.Instances[99].InstanceId, emulator.instances[99_999]?.InstanceId);
    });
  });
});
