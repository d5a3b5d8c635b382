import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ServiceError } from "@grpc/grpc-js";
import { runtime } from "@pulumi/pulumi";
import { startEmulator } from "../../src/emulator/index.js";
import { forbidden } from "../helpers/faults.js";
import { installProject, type Layout, type Project } from "../helpers/installed.js";
import { ProviderProcess, sentInputs } from "../helpers/providerProcess.js";

const unknown = runtime.unknownValue;
const changes = { unknown: 0, none: 1, some: 2 };

function bot(number: number, env = "prod") {
  return {
    InstanceId: `bot-${number}`,
    InstanceName: `Bot ${number}`,
    CreationTime: 1_578_469_042_851 + number,
    CreatorId: 9_007_199_254_740_993n,
    ResourceTags: [{ Key: "env", Value: env }],
  };
}

describe("the stored provider, in the SDK's provider process", () => {
  let project: Project;
  before(async () => {
    project = await installProject("npm");
  });
  after(() => project[Symbol.asyncDispose]());

  for (const layout of ["npm", "pnpm", "linked"] satisfies Layout[]) {
    it(`is a single require, which resolves in the layout ${layout}`, async () => {
      await using emulator = await startEmulator({ instances: [bot(1)] });
      await using installed = await installProject(layout);
      const sent = await sentInputs(installed.folder, {});
      const text = String(sent.__provider);
      assert.ok(text.length < 700, `${text.length} characters`);
      assert.equal(text.match(/require\("pulumi-outboundbot\/dist\/dynamic\/provider\.js"\)/g)?.length, 1);
      assert.doesNotMatch(text, /lookUp|credential|\.pnpm/);
      await using running = await ProviderProcess.start(installed.folder, {
        environment: emulator.environment,
      });
      const { inputs } = await running.check({}, sent);
      assert.equal(inputs.totalCount, 1);
    });
  }

  it("checks, creates, detects a change, updates, reads and deletes", async () => {
    await using emulator = await startEmulator({ instances: [bot(2), bot(1), bot(3, "test")] });
    await using running = await ProviderProcess.start(project.folder, { environment: emulator.environment });
    const sent = await sentInputs(project.folder, {
      tags: { env: "prod" },
      ids: ["bot-1", "bot-2", "bot-4"],
    });

    const first = await running.check({}, sent);
    assert.deepEqual(first.failures, []);
    const { id, outs } = await running.create(first.inputs);
    assert.match(id, /^lookup-/);
    assert.deepEqual(outs.ids, ["bot-1", "bot-2"]);
    assert.deepEqual(outs.names, ["Bot 1", "Bot 2"]);
    assert.deepEqual(outs.onlyIds, ["bot-1", "bot-2", "bot-4"]);
    assert.equal(outs.totalCount, 2);
    assert.deepEqual((await running.check(first.inputs, sent)).inputs, outs);

    emulator.remove("bot-1");
    emulator.add(bot(4));
    const second = await running.check(first.inputs, sent);
    // The engine compares the inputs itself.
    assert.deepEqual(await running.diff(outs, second.inputs), { changes: changes.unknown, replaces: [] });
    const updated = await running.update(id, outs, second.inputs);
    assert.deepEqual(updated.ids, ["bot-2", "bot-4"]);

    emulator.remove("bot-2");
    const refreshed = await running.read(id, updated);
    assert.equal(refreshed.id, id);
    assert.deepEqual(refreshed.props.ids, ["bot-4"]);
    const third = await running.check(refreshed.inputs, sent);
    assert.deepEqual(third.inputs, refreshed.inputs);

    await running.delete(id, refreshed.props);
    assert.equal(running.printed, "");
  });

  it("returns the same instances in the same order, whatever the order of the service", async () => {
    await using one = await startEmulator({ instances: [bot(1), bot(2), bot(3)] });
    await using other = await startEmulator({ instances: [bot(3), bot(1), bot(2)] });
    const sent = await sentInputs(project.folder, {});
    await using toOne = await ProviderProcess.start(project.folder, { environment: one.environment });
    await using toOther = await ProviderProcess.start(project.folder, { environment: other.environment });
    assert.deepEqual(await toOther.check({}, sent), await toOne.check({}, sent));
  });

  it("keeps the whole result if the engine keeps a part of it, and the totalCount alone", async () => {
    await using emulator = await startEmulator({ instances: [bot(1), bot(2)] });
    await using running = await ProviderProcess.start(project.folder, { environment: emulator.environment });
    const sent = await sentInputs(project.folder, {});
    const { inputs: olds } = await running.check({}, sent);
    emulator.remove("bot-1");
    const { calls } = emulator.counters;
    for (const name of ["ids", "names", "instances"]) {
      assert.deepEqual(
        (await running.check(olds, { ...sent, [name]: olds[name] ?? null })).inputs,
        olds,
        name,
      );
    }
    assert.equal(emulator.counters.calls, calls);
    const { inputs } = await running.check(olds, { ...sent, totalCount: 2 });
    assert.deepEqual([inputs.ids, inputs.totalCount], [["bot-2"], 2]);
  });

  it("rejects a result as an argument", async () => {
    await using running = await ProviderProcess.start(project.folder);
    const sent = await sentInputs(project.folder, {});
    const { failures } = await running.check({}, { ...sent, ids: ["bot-1"], names: ["Bot 1"] });
    assert.deepEqual(
      failures.map(({ reason }) => reason),
      ["ids is a result, not an argument; use onlyIds", "names is a result, not an argument"],
    );
  });

  it("updates in place for any new argument", async () => {
    await using emulator = await startEmulator({ instances: [bot(1)] });
    await using running = await ProviderProcess.start(project.folder, { environment: emulator.environment });
    const sent = await sentInputs(project.folder, {});
    const { outs } = await running.create((await running.check({}, sent)).inputs);
    for (const args of [
      { tags: { env: "prod" } },
      { ids: ["bot-1"] },
      { nameRegex: "Bot" },
      { pageSize: 5 },
    ]) {
      const { inputs } = await running.check({}, await sentInputs(project.folder, args));
      assert.deepEqual(await running.diff(outs, inputs), { changes: changes.unknown, replaces: [] });
    }
  });

  it("makes no call while an argument is unknown at any depth, but checks the known ones", async () => {
    await using emulator = await startEmulator({ instances: [bot(1)] });
    await using running = await ProviderProcess.start(project.folder, { environment: emulator.environment });
    const { __provider } = await sentInputs(project.folder, {});
    for (const args of [
      { tags: unknown },
      { tags: { env: unknown } },
      { onlyIds: ["bot-1", unknown] },
      { pageSize: unknown },
    ]) {
      const { inputs, failures } = await running.check({}, { __provider: __provider ?? null, ...args });
      assert.deepEqual(failures, []);
      for (const name of ["ids", "names", "instances", "totalCount"]) {
        assert.equal(inputs[name], unknown);
      }
    }
    const { failures } = await running.check(
      {},
      { __provider: __provider ?? null, tags: { env: unknown }, pageSize: 0 },
    );
    assert.deepEqual(
      failures.map(({ reason }) => reason),
      ["pageSize must be a whole number from 1 to 100, got 0"],
    );
    assert.equal(emulator.counters.calls, 0);
  });

  it("reports every invalid argument at once, without values or calls", async () => {
    await using emulator = await startEmulator();
    await using running = await ProviderProcess.start(project.folder, { environment: emulator.environment });
    const sent = await sentInputs(project.folder, {
      tags: { "a b": 7 },
      ids: ["bot-1", ""],
      nameRegex: "(?=x)",
      secretKey: "PLANTED",
    });
    const { failures } = await running.check({}, sent);
    assert.deepEqual(
      failures.map(({ property, reason }) => [property, /^\w+(\[.*?\])?(?= (is|must) )/.exec(reason)?.[0]]),
      [
        ["", "secretKey"],
        ["", 'tags["a b"]'],
        ["", "nameRegex"],
        ["", "ids[1]"],
      ],
    );
    assert.doesNotMatch(JSON.stringify(failures), /PLANTED/);
    assert.equal(emulator.counters.calls, 0);
  });

  it("reports a failed lookup in one message: as a failure of check, as an error of read", async () => {
    await using emulator = await startEmulator({ instances: [bot(1)] });
    await using running = await ProviderProcess.start(project.folder, { environment: emulator.environment });
    const sent = await sentInputs(project.folder, {});
    const { id, outs } = await running.create((await running.check({}, sent)).inputs);
    emulator.setFaults(forbidden);
    const { failures } = await running.check({}, sent);
    assert.equal(failures.length, 1);
    assert.match(failures[0]?.reason ?? "", /Forbidden\.RAM/);
    await assert.rejects(running.read(id, outs), /Forbidden\.RAM/);
    assert.doesNotMatch(running.printed, /\n {4}at /);
  });

  it("deletes without settings, and with invalid settings", async () => {
    await using emulator = await startEmulator({ instances: [bot(1)] });
    await using running = await ProviderProcess.start(project.folder, { environment: emulator.environment });
    const { id, outs } = await running.create(
      (await running.check({}, await sentInputs(project.folder, {}))).inputs,
    );
    await using bare = await ProviderProcess.start(project.folder);
    await bare.delete(id, outs);
    await using broken = await ProviderProcess.start(project.folder, {
      config: { "outboundbot:endpoint": "http://nowhere.invalid", "outboundbot:accessKey": "half" },
    });
    await broken.delete(id, outs);
    assert.equal(broken.printed + bare.printed, "");
  });

  it("deletes without the package, and fails anything else with a clear error", async () => {
    await using emulator = await startEmulator({ instances: [bot(1)] });
    await using running = await ProviderProcess.start(project.folder, { environment: emulator.environment });
    const sent = await sentInputs(project.folder, {});
    const { id, outs } = await running.create((await running.check({}, sent)).inputs);

    const empty = await mkdtemp(join(tmpdir(), "outboundbot-empty-"));
    try {
      await using without = await ProviderProcess.start(empty);
      const reason =
        "InstanceLookup cannot load pulumi-outboundbot: Cannot find module 'pulumi-outboundbot/dist/dynamic/provider.js'. Install the package in this project. Without it the resource can only be deleted.";
      assert.deepEqual((await without.check(outs, sent)).failures, [{ property: "", reason }]);
      await assert.rejects(without.read(id, outs), ({ details }: ServiceError) => details === reason);
      await without.delete(id, outs);
      assert.doesNotMatch(without.printed, /\n {4}at /);
    } finally {
      await rm(empty, { recursive: true });
    }
  });

  it("reads settings from the stack's configuration before the environment", async () => {
    await using emulator = await startEmulator({ instances: [bot(1)] });
    const sent = await sentInputs(project.folder, {});
    await using running = await ProviderProcess.start(project.folder, {
      environment: { ALIBABA_CLOUD_ACCESS_KEY_ID: "wrong", ALIBABA_CLOUD_ACCESS_KEY_SECRET: "wrong" },
      config: {
        "outboundbot:endpoint": emulator.endpoint,
        "outboundbot:accessKey": emulator.accessKeyId,
        "outboundbot:secretKey": emulator.accessKeySecret,
      },
    });
    const { inputs, failures } = await running.check({}, sent);
    assert.deepEqual(failures, []);
    assert.doesNotMatch(JSON.stringify(inputs), new RegExp(emulator.accessKeySecret));
  });

  it("reports why it can't import", async () => {
    await using running = await ProviderProcess.start(project.folder);
    const sent = await sentInputs(project.folder, {});
    await assert.rejects(running.read("nonexistent", sent), /Importing InstanceLookup failed/);
  });
});
