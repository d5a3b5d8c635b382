import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { Agent, request } from "node:http";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generateInstances } from "../../src/emulator/generator.js";
import { type EmulatorOptions, startEmulator } from "../../src/emulator/index.js";
import { readInstances } from "../../src/emulator/instances.js";
import { getSigned, json, signVersion1 } from "../helpers/http.js";
import { closeAll, start } from "../helpers/running.js";

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
      connection: 1,
      openConnections: 1,
    });
    assert.deepEqual([second?.accessKeyId, second?.status, second?.connection], ["other", 404, 2]);
    assert.deepEqual(emulator.counters, {
      calls: 2,
      connections: 2,
      maxConcurrent: 1,
      byCode: { OK: 1, "InvalidAccessKeyId.NotFound": 1 },
    });
    assert.deepEqual(seen, ["OK", "InvalidAccessKeyId.NotFound"]);
  });

  it("counts concurrent calls", async () => {
    const emulator = await start({ latency: 20 });
    await Promise.all(Array.from({ length: 5 }, () => getSigned(emulator)));
    assert.equal(emulator.counters.maxConcurrent, 5);
  });

  it("keeps a connection open for the next call", async () => {
    const emulator = await start();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    for (let call = 0; call < 3; call++) {
      const sent = request(`${emulator.endpoint}/?${signVersion1(emulator, "GET")}`, { agent }).end();
      const [response] = await once(sent, "response");
      await once(response.resume(), "end");
    }
    assert.deepEqual(
      emulator.calls.map(({ connection }) => connection),
      [1, 1, 1],
    );
    agent.destroy();
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
    [{ pageLimit: { size: 0, mode: "said" } }, /^pageLimit\.size must be/],
    [
      { rateLimit: { callsPerSecond: 0 } },
      /^rateLimit\.callsPerSecond must be a number above 0 and up to 1000000, got 0\.$/,
    ],
    [{ rateLimit: { callsPerSecond: 1, burst: 0 } }, /^rateLimit\.burst must be/],
    [
      { accessKeyId: "" },
      /^accessKeyId must be a non-empty string of printable ASCII characters, without spaces or commas\.$/,
    ],
    [
      { accessKeySecret: "planted secret" },
      /^accessKeySecret must be a non-empty string of printable ASCII characters, without spaces or commas\.$/,
    ],
    [{ count: 1, instances: [] }, /^Only one of count, instances and dataFile can be set\.$/],
    [
      { instances: [{ InstanceId: "a" }, { InstanceId: "a" }] },
      /^instances\[1\]\.InstanceId must be unique, but "a" is also the ID of instances\[0\]\.$/,
    ],
    [
      { instances: [{ InstanceId: "a", CreatorId: -1n }] },
      /^instances\[0\]\.CreatorId must be a whole number from 0 to 9223372036854775807, got -1\.$/,
    ],
    [{ dataFile: "/nowhere.json" }, /^Reading the data file \/nowhere\.json failed: ENOENT\.$/],
    [{ faults: ["nonsense"] }, /^Invalid fault "nonsense": the kind must be one of /],
  ];
  for (const [options, message] of wrong) {
    it(`rejects ${Object.keys(options)}: ${message}`, () =>
      assert.rejects(startEmulator(options), { name: "EmulatorOptionError", message }));
  }

  describe("data", () => {
    it("comes from a file, with an exact CreatorId", async () => {
      const folder = await mkdtemp(join(tmpdir(), "emulator-"));
      const dataFile = join(folder, "data.json");
      await writeFile(
        dataFile,
        '{"Instances":[{"InstanceId":"a","CreatorId":9007199254740993,"CreationTime":5}]}',
      );
      const emulator = await start({ dataFile });
      await rm(folder, { recursive: true });
      assert.deepEqual(emulator.instances, [
        { InstanceId: "a", CreatorId: 9007199254740993n, CreationTime: 5 },
      ]);
      const { text } = await getSigned(emulator);
      assert.match(
        text,
        /"Instances":\[\{"InstanceId":"a","CreationTime":5,"CreatorId":9007199254740993\}\]\}$/,
      );
    });

    it("can be a saved response of the service", async () => {
      const source = await start({ count: 30 });
      const { text } = await getSigned(source, { PageSize: "100" });
      assert.deepEqual(readInstances(text, "saved"), [...source.instances]);
    });

    const broken: readonly [string, RegExp][] = [
      ["[", /^file is not valid JSON: /],
      ["7", /^file must contain \{"Instances": \[\.\.\.\]\} or a list of instances\.$/],
      ['{"Instances":{}}', /^file: Instances must be a list\.$/],
      ['{"Instances":[],"Instanzen":[]}', /^file has an unknown field "Instanzen" next to Instances\.$/],
      [
        '{"Instances":[{"InstanceId":"a"},{}]}',
        /^file: Instances\[1\]\.InstanceId must be a non-empty string, got nothing\.$/,
      ],
      ['[{"InstanceId":1}]', /^file: \[0\]\.InstanceId must be a string, got 1\.$/],
      [
        '[{"InstanceId":"a","NluProfile":{}}]',
        /^file: \[0\] has an unknown field "NluProfile"\. The fields of an instance are InstanceId, InstanceName, /,
      ],
      [
        '[{"InstanceId":"a","CreatorId":"5"}]',
        /CreatorId must be a whole number from 0 to 9223372036854775807, got "5"\.$/,
      ],
      [
        '[{"InstanceId":"a","CreatorId":9223372036854775808}]',
        /CreatorId must be a whole number from 0 to 9223372036854775807, got 9223372036854775808\.$/,
      ],
      [
        '[{"InstanceId":"a","CreationTime":1.5}]',
        /CreationTime must be a whole number from 0 to 9007199254740991, got 1\.5\.$/,
      ],
      ['[{"InstanceId":"a","IsPreset":"yes"}]', /IsPreset must be true or false, got "yes"\.$/],
      [
        '[{"InstanceId":"a","ResourceTags":{"env":"prod"}}]',
        /ResourceTags must be a list of \{Key, Value\}, got an object\.$/,
      ],
      [
        '[{"InstanceId":"a","ResourceTags":[{"Key":"env"}]}]',
        /ResourceTags\[0\]\.Value must be a string, got nothing\.$/,
      ],
      [
        '[{"InstanceId":"a","ResourceTags":[{"Key":"e","Value":"p","x":1}]}]',
        /ResourceTags\[0\] has an unknown field "x"\. The fields of a tag are Key and Value\.$/,
      ],
    ];
    for (const [text, message] of broken) {
      it(`rejects ${text}`, () =>
        assert.throws(() => readInstances(text, "file"), { name: "EmulatorOptionError", message }));
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
