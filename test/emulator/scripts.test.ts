import assert from "node:assert/strict";
import type { EmulatorOptions } from "../../src/emulator/index.js";
import { EmulatorOptionError, startEmulator } from "../../src/emulator/index.js";
import { getSigned, json } from "../helpers/http.js";
import { closeAll, start } from "../helpers/running.js";
import { callWithSdk } from "../helpers/sdk.js";

const instances = [{ InstanceId: "bot-1" }, { InstanceId: "bot-2" }];

describe("emulator: ListScripts and ListOutboundCallNumbers", () => {
  afterEach(closeAll);

  it("return a page in the service's format, with exact agentId and without absent fields", async () => {
    const scripts = {
      "bot-1": [
        { ScriptId: "a", ScriptName: "回访", agentId: 9_223_372_036_854_775_807n },
        { ScriptId: "b" },
        { ScriptId: "c", NluEngine: "Prompts" },
      ],
    };
    const emulator = await start({ instances, scripts });
    const query = { InstanceId: "bot-1", PageNumber: 1, PageSize: 1 };
    const { text, RequestId, ...answer } = await callWithSdk(emulator, query, { action: "ListScripts" });
    assert.equal(typeof RequestId, "string");
    assert.match(String(text), /"agentId":9223372036854775807}/);
    const { Scripts, ...envelope } = answer;
    assert.deepEqual(envelope, { HttpStatusCode: 200, Code: "OK", Message: "Success", Success: true });
    assert.deepEqual(
      { ...Object(Scripts), List: undefined },
      { TotalCount: 2, PageNumber: 1, PageSize: 1, List: undefined },
    );
    const last = await callWithSdk(emulator, { ...query, PageNumber: 2 }, { action: "ListScripts" });
    assert.deepEqual(Object(last.Scripts).List, [{ ScriptId: "b" }]);
    assert.deepEqual(
      emulator.calls.map(({ action, pageNumber }) => [action, pageNumber]),
      [
        ["ListScripts", 1],
        ["ListScripts", 2],
      ],
    );
  });

  it("select by engine and name; no engine means small models", async () => {
    const scripts = {
      "bot-1": [
        { ScriptId: "a", ScriptName: "回访", NluEngine: "" },
        { ScriptId: "b", ScriptName: "回访 2" },
        { ScriptId: "c", ScriptName: "回访", NluEngine: "Prompts" },
      ],
    };
    const emulator = await start({ instances, scripts });
    const found = async (query: object) => {
      const page = { InstanceId: "bot-1", PageNumber: 1, PageSize: 10, ...query };
      const { Scripts } = await callWithSdk(emulator, page, { action: "ListScripts" });
      return Object(Scripts).List.map(({ ScriptId }: { ScriptId: string }) => ScriptId);
    };
    assert.deepEqual(await found({}), ["a", "b"]);
    assert.deepEqual(await found({ ScriptName: "回访" }), ["a"]);
    assert.deepEqual(await found({ NluEngine: "Prompts" }), ["c"]);
    assert.deepEqual(await found({ NluEngine: "BeeBot" }), []);
  });

  it("reject a call without an instance or a page, or for a missing instance", async () => {
    const emulator = await start({ instances });
    for (const Action of ["ListScripts", "ListOutboundCallNumbers"]) {
      for (const [parameters, status, code] of [
        [{ PageNumber: "1", PageSize: "10" }, 400, "MissingParameter"],
        [{ InstanceId: "bot-1", PageSize: "10" }, 400, "MissingParameter"],
        [{ InstanceId: "bot-1", PageNumber: "1" }, 400, "MissingParameter"],
        [{ InstanceId: "bot-1", PageNumber: "0", PageSize: "10" }, 400, "InvalidParameter.PageNumber"],
        [{ InstanceId: "no", PageNumber: "1", PageSize: "10" }, 404, "NotExist.Instance"],
      ] as const) {
        const answer = await getSigned(emulator, { Action, ...parameters });
        assert.deepEqual([answer.status, json(answer).Code], [status, code], JSON.stringify(parameters));
      }
    }
    emulator.remove("bot-1");
    const gone = { Action: "ListScripts", InstanceId: "bot-1", PageNumber: "1", PageSize: "1" };
    assert.equal(json(await getSigned(emulator, gone)).Code, "NotExist.Instance");
  });

  it("generate the same scripts and numbers for the same instance, some of every engine", async () => {
    const ask = async (action: string, InstanceId: string, query: object = {}) => {
      const emulator = await start({ instances });
      const page = { InstanceId, PageNumber: 1, PageSize: 100, ...query };
      const { Scripts, OutboundCallNumbers } = await callWithSdk(emulator, page, { action });
      return Object(Scripts ?? OutboundCallNumbers).List;
    };
    const scripts = await ask("ListScripts", "bot-1");
    assert.deepEqual(await ask("ListScripts", "bot-1"), scripts);
    assert.notDeepEqual(await ask("ListScripts", "bot-2"), scripts);
    assert.equal(scripts[0].Status, "PUBLISHED");
    assert.equal((await ask("ListScripts", "bot-1", { NluEngine: "Prompts" })).length > 0, true);
    const numbers = await ask("ListOutboundCallNumbers", "bot-1");
    assert.deepEqual(await ask("ListOutboundCallNumbers", "bot-1"), numbers);
    assert.match(numbers[0].Number, /^0001\d{7}$/);
  });

  it("reject data with missing or duplicate IDs", async () => {
    for (const options of [
      { scripts: { "bot-1": [{ ScriptId: "a" }, { ScriptId: "a" }] } },
      { scripts: { "bot-1": [{ ScriptId: "" }] } },
      { outboundCallNumbers: { "bot-1": [{ OutboundCallNumberId: "" }] } },
    ] satisfies EmulatorOptions[]) {
      await assert.rejects(startEmulator(options), EmulatorOptionError);
    }
  });
});
