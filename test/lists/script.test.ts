import assert from "node:assert/strict";
import { parseJson } from "../../src/api/json.js";
import { Reader, UnreadableField } from "../../src/api/reader.js";
import { registerSecret } from "../../src/common/redact.js";
import { outboundCallNumbers } from "../../src/lists/outboundCallNumbers.js";
import { scripts } from "../../src/lists/scripts.js";

describe("readScript", () => {
  const read = (json: string) =>
    scripts.toItem(scripts.readItem(new Reader(parseJson(json, scripts.longIntegers))));

  it("copies documented fields only, except the key and the trigger", () => {
    const wire = `{"ScriptId":"s","ScriptName":"回访","ScriptDescription":"","Industry":"教育","Scene":"回访","Status":"PUBLISHED",
      "DebugStatus":"DRAFTED","RejectReason":"r","IsDebugDrafted":true,"IsDrafted":false,"IsPreset":"false","CreateTime":1578881227000,
      "UpdateTime":"1578965079000","NluEngine":"SSE_FUNCTION","NluAccessType":"Managed",
      "NluProfile":{"FcRegion":"cn-shanghai","FcFunction":"f","FcHttpTriggerUrl":"https://a.example/","AccessKey":"k"},
      "ChatBotId":"c","AgentKey":"secret","agentId":9223372036854775807,"AgentLlm":true,"EmotionEnable":false,
      "LongWaitEnable":false,"MiniPlaybackEnable":true,"NewBargeInEnable":false,"Unknown":1}`;
    assert.deepEqual(read(wire), {
      id: "s",
      scriptId: "s",
      scriptName: "回访",
      scriptDescription: "",
      industry: "教育",
      scene: "回访",
      status: "PUBLISHED",
      debugStatus: "DRAFTED",
      rejectReason: "r",
      isDebugDrafted: true,
      isDrafted: false,
      isPreset: false,
      createTime: 1_578_881_227_000,
      updateTime: 1_578_965_079_000,
      nluEngine: "SSE_FUNCTION",
      nluAccessType: "Managed",
      nluProfile: { fcRegion: "cn-shanghai", fcFunction: "f" },
      chatBotId: "c",
      agentId: "9223372036854775807",
      agentLlm: true,
      emotionEnable: false,
      longWaitEnable: false,
      miniPlaybackEnable: true,
      newBargeInEnable: false,
    });
  });

  it("leaves out fields that are missing or null", () => {
    assert.deepEqual(read('{"ScriptId":"s","Status":null,"NluProfile":null}'), {
      id: "s",
      scriptId: "s",
      scriptName: "",
    });
  });

  it("rejects an item without an ID or with a field of another type", () => {
    for (const wire of [
      '{"ScriptId":""}',
      '{"ScriptId":"s","Status":1}',
      '{"ScriptId":"s","NluProfile":"x"}',
    ]) {
      assert.throws(() => read(wire), UnreadableField);
    }
  });
});

describe("readOutboundCallNumber", () => {
  const read = (json: string) =>
    outboundCallNumbers.toItem(
      outboundCallNumbers.readItem(new Reader(parseJson(json, outboundCallNumbers.longIntegers))),
    );

  it("rejects a number that is a secret of the caller, and keeps all digits of any other", () => {
    registerSecret("98765432109876543210");
    for (const quoted of ["98765432109876543210", '"98765432109876543210"']) {
      assert.throws(() => read(`{"OutboundCallNumberId":"n","Number":${quoted}}`), {
        message: "Number contains a secret of the caller",
      });
    }
    assert.equal(
      read('{"OutboundCallNumberId":"n","Number":98765432109876543211}').number,
      "98765432109876543211",
    );
  });

  it("reads numbers with and without quotes", () => {
    for (const [number, count] of [
      ["10088", "10"],
      ['"10088"', '"10"'],
    ]) {
      assert.deepEqual(
        read(
          `{"OutboundCallNumberId":"n","Number":${number},"RateLimitCount":${count},"RateLimitPeriod":${count}}`,
        ),
        { id: "n", outboundCallNumberId: "n", number: "10088", rateLimitCount: 10, rateLimitPeriod: 10 },
      );
    }
    assert.deepEqual(read('{"OutboundCallNumberId":"n"}'), {
      id: "n",
      outboundCallNumberId: "n",
      number: "",
    });
  });
});
