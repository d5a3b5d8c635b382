import assert from "node:assert/strict";
import { generateScripts } from "../../src/emulator/generator.js";
import type { EmulatorOptions, ServiceScript } from "../../src/emulator/index.js";
import {
  ArgumentError,
  type GetScriptsArgs,
  getInstances,
  getOutboundCallNumbers,
  getScript,
  getScripts,
  InconsistentListError,
  InstanceSelectionError,
  listOutboundCallNumbers,
  listScripts,
  SelectionError,
  ServiceError,
} from "../../src/index.js";
import { forbidden, throttled, unavailable } from "../helpers/faults.js";
import { failureOf, startHere } from "../helpers/lookup.js";
import { closeAll } from "../helpers/running.js";

const instances = [{ InstanceId: "bot-1" }, { InstanceId: "bot-2" }];

/** Scripts of small models, which the service lists when no engine is requested. */
function manyScripts(count: number): ServiceScript[] {
  return generateScripts("bot-1", count).map((script) => ({ ...script, NluEngine: "" }));
}

/** Returns their IDs, oldest first. */
function inOrder(scripts: readonly ServiceScript[]): string[] {
  return [...scripts]
    .sort((one, other) => {
      const [oneTime, otherTime] = [one.CreateTime ?? 0, other.CreateTime ?? 0];
      return oneTime - otherTime || (one.ScriptId < other.ScriptId ? -1 : 1);
    })
    .map(({ ScriptId }) => ScriptId);
}

async function collected<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) {
    all.push(item);
  }
  return all;
}

describe("scripts", () => {
  afterEach(closeAll);

  const startWith = (scripts: readonly ServiceScript[], options: EmulatorOptions = {}) =>
    startHere({ instances, scripts: { "bot-1": scripts }, ...options });

  for (const count of [0, 1, 100, 101, 5_000]) {
    it(`are found, all ${count}, oldest first`, async () => {
      const scripts = manyScripts(count);
      await startWith(scripts);
      const found = await getScripts({ instanceId: "bot-1" });
      assert.deepEqual(found.ids, inOrder(scripts));
      assert.equal(found.totalCount, count);
      assert.deepEqual(
        found.names,
        found.scripts.map(({ scriptName }) => scriptName),
      );
    });
  }

  for (const pageLimitMode of ["reported", "silent", "refused"] as const) {
    it(`are found from a service that returns at most 30 at once (${pageLimitMode})`, async () => {
      const scripts = manyScripts(130);
      await startWith(scripts, { pageLimit: 30, pageLimitMode });
      assert.deepEqual((await getScripts({ instanceId: "bot-1" })).ids, inOrder(scripts));
    });
  }

  it("are found despite faults, and while the list changes", async () => {
    const scripts = manyScripts(250);
    const emulator = await startWith(scripts, {
      faults: [
        { ...throttled, calls: [1, 4] },
        { ...unavailable, calls: [2] },
        { kind: "reset", calls: [5] },
      ],
    });
    assert.deepEqual((await getScripts({ instanceId: "bot-1" })).ids, inOrder(scripts));

    emulator.setFaults({ kind: "removed", calls: [2] });
    const remaining = inOrder(scripts.slice(1));
    assert.deepEqual((await getScripts({ instanceId: "bot-1" })).ids, remaining);

    emulator.setFaults({ kind: "inserted" });
    const failure = await failureOf(getScripts({ instanceId: "bot-1" }));
    assert.ok(InconsistentListError.isInstance(failure));
    assert.match(failure.message, /scripts/);
  });

  it("are selected by name, pattern, engine, status and id, each argument echoed", async () => {
    const scripts: ServiceScript[] = [
      { ScriptId: "a", ScriptName: "回访", Status: "PUBLISHED", CreateTime: 3 },
      { ScriptId: "b", ScriptName: "回访 2", Status: "DRAFTED", CreateTime: 2 },
      { ScriptId: "c", Status: "PUBLISHED", CreateTime: 1 },
      { ScriptId: "d", ScriptName: "回访", NluEngine: "Prompts", NluAccessType: "Managed" },
      { ScriptId: "e", ScriptName: "flow", NluEngine: "BeeBot" },
    ];
    await startWith(scripts);
    const cases: [Partial<GetScriptsArgs>, string[], number][] = [
      [{}, ["c", "b", "a"], 3],
      [{ name: "回访" }, ["a"], 1],
      [{ nameRegex: "^回" }, ["b", "a"], 3],
      [{ status: "PUBLISHED" }, ["c", "a"], 3],
      [{ status: "DRAFTED", nameRegex: "2$" }, ["b"], 3],
      [{ ids: ["a", "c", "no"] }, ["c", "a"], 3],
      [{ nluEngine: "Prompts" }, ["d"], 1],
      [{ nluEngine: "BeeBot", pageSize: 1 }, ["e"], 1],
      [{ nluEngine: "of the future" }, [], 0],
      [{ pageSize: 2, pageNumber: 2 }, ["c"], 3],
    ];
    for (const [args, ids, totalCount] of cases) {
      const given = { instanceId: "bot-1", ...args };
      const found = await getScripts(given);
      const { id, scripts: elements, names, ...others } = found;
      assert.deepEqual(others, { ...given, ids, totalCount }, JSON.stringify(args));
      assert.deepEqual([typeof id, names.length, elements.length], ["string", ids.length, ids.length]);
    }
    assert.deepEqual((await getScripts({ instanceId: "bot-2" })).scripts, []);
  });

  it("returns the only script that matches, or the candidates", async () => {
    await startWith([
      { ScriptId: "a", ScriptName: "one", Status: "PUBLISHED" },
      { ScriptId: "b", ScriptName: "two", Status: "DRAFTED" },
    ]);
    assert.equal((await getScript({ instanceId: "bot-1", status: "PUBLISHED" })).id, "a");
    const several = await failureOf(getScript({ instanceId: "bot-1" }));
    assert.ok(SelectionError.isInstance(several) && !InstanceSelectionError.isInstance(several));
    assert.equal(several.code, "SeveralScriptsFound");
    assert.equal(
      several.message,
      'getScript: 2 scripts found with instanceId "bot-1", expected one:\n  - a one\n  - b two\nSelect one of them with a status, a name or an ID.',
    );
    assert.deepEqual(several.candidates, [
      { id: "a", name: "one" },
      { id: "b", name: "two" },
    ]);
    const none = await failureOf(getScript({ instanceId: "bot-1", name: "three" }));
    assert.ok(SelectionError.isInstance(none));
    assert.equal(none.code, "ScriptNotFound");
    assert.match(
      none.message,
      /^getScript: no script found with instanceId "bot-1", name "three"\. Without nluEngine, the service returns only scripts that use a small model\. Check the arguments and the account\.$/,
    );
  });

  it("leave out an access key and the URL of a trigger", async () => {
    await startHere({ count: 20, securityToken: "token" });
    const { ids } = await getInstances();
    const found = await Promise.all(
      ids.map((instanceId) => getScripts({ instanceId, nluEngine: "SSE_FUNCTION" })),
    );
    const scripts = found.flatMap((result) => result.scripts);
    assert.ok(scripts.length > 0);
    assert.deepEqual(
      scripts.map(({ nluProfile }) => nluProfile),
      scripts.map(() => ({ fcRegion: "cn-shanghai", fcFunction: "answer-calls" })),
    );
    assert.doesNotMatch(JSON.stringify(found), /agentKey|http/i);
  });

  it("stream in the service's order", async () => {
    const scripts = manyScripts(250);
    await startWith(scripts, { pageLimit: 40, pageLimitMode: "silent" });
    const streamed = await collected(listScripts({ instanceId: "bot-1" }));
    assert.deepEqual(
      streamed.map(({ id }) => id),
      scripts.map(({ ScriptId }) => ScriptId),
    );
  });

  it("are listed once for identical lookups in flight, separately for each bot", async () => {
    const emulator = await startWith(manyScripts(3), { latency: 20 });
    const lookups = ["bot-1", "bot-1", "bot-2"].map((instanceId) => getScripts({ instanceId }));
    const [one, same, other] = await Promise.all(lookups);
    assert.deepEqual(one, same);
    assert.deepEqual(other?.ids, []);
    assert.equal(emulator.counters.calls, 2);
  });

  it("of an unknown bot fail with advice", async () => {
    await startHere({ instances });
    for (const work of [getScripts({ instanceId: "no" }), getOutboundCallNumbers({ instanceId: "no" })]) {
      const failure = await failureOf(work);
      assert.ok(ServiceError.isInstance(failure));
      assert.deepEqual(
        [failure.code, failure.statusCode, failure.retryable],
        ["NotExist.Instance", 404, false],
      );
      assert.match(failure.advice ?? "", /^Check instanceId/);
    }
  });

  it("without RAM permission fail with the missing action", async () => {
    await startHere({ instances, faults: [forbidden] });
    for (const [work, action] of [
      [getScript({ instanceId: "bot-1" }), "ListScripts"],
      [getOutboundCallNumbers({ instanceId: "bot-1" }), "ListOutboundCallNumbers"],
    ] as const) {
      const failure = await failureOf(work);
      assert.ok(ServiceError.isInstance(failure));
      assert.equal(failure.action, action);
      assert.match(failure.advice ?? "", new RegExp(`"Action":"outboundbot:${action}"`));
    }
  });

  it("require an instanceId, and reject arguments of other lists", async () => {
    for (const [args, problems] of [
      [{}, ["instanceId"]],
      [{ instanceId: "" }, ["instanceId"]],
      [{ instanceId: null, status: 1, nluEngine: "" }, ["instanceId", "nluEngine", "status"]],
      [{ instanceId: "a", tags: {}, resourceGroupId: "b" }, ["tags", "resourceGroupId"]],
    ] as const) {
      // An untyped program can pass these.
      const failure = await failureOf(Reflect.apply(getScripts, undefined, [args]));
      assert.ok(ArgumentError.isInstance(failure));
      assert.deepEqual(
        failure.problems.map(({ property }) => property),
        [...problems],
      );
    }
  });
});

describe("outbound call numbers", () => {
  afterEach(closeAll);

  const outboundCallNumbers = {
    "bot-1": Array.from({ length: 101 }, (_, index) => ({
      OutboundCallNumberId: `number-${String(index).padStart(3, "0")}`,
      Number: `0001555${index}`,
      RateLimitCount: "10",
      RateLimitPeriod: "100",
    })).reverse(),
  };

  it("are found by bot, all of them, sorted by ID", async () => {
    await startHere({ instances, outboundCallNumbers });
    const found = await getOutboundCallNumbers({ instanceId: "bot-1", pageSize: 10 });
    assert.equal(found.totalCount, 101);
    assert.deepEqual(
      found.numbers,
      Array.from({ length: 101 }, (_, index) => `0001555${index}`),
    );
    assert.deepEqual(found.outboundCallNumbers[1], {
      id: "number-001",
      outboundCallNumberId: "number-001",
      number: "00015551",
      rateLimitCount: 10,
      rateLimitPeriod: 100,
    });
    const one = await getOutboundCallNumbers({ instanceId: "bot-1", number: "00015557" });
    assert.deepEqual([one.ids, one.totalCount, one.number], [["number-007"], 101, "00015557"]);
    assert.deepEqual((await getOutboundCallNumbers({ instanceId: "bot-2" })).numbers, []);
    const streamed = await collected(listOutboundCallNumbers({ instanceId: "bot-1" }));
    assert.deepEqual(
      streamed.map(({ id }) => id),
      found.ids.toReversed(),
    );
  });
});
