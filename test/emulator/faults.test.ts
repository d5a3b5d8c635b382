import assert from "node:assert/strict";
import { once } from "node:events";
import { createConnection } from "node:net";
import { appliesTo } from "../../src/emulator/faults.js";
import { type Fault, parseFault } from "../../src/emulator/index.js";
import { RateLimit } from "../../src/emulator/rateLimit.js";
import { getSigned, json, signVersion1 } from "../helpers/http.js";
import { closeAll, start } from "../helpers/running.js";

describe("emulator: faults", () => {
  afterEach(closeAll);

  describe("syntax", () => {
    const always = { calls: "always" } as const;
    const right: readonly [string, Fault][] = [
      ["reset", { kind: "reset", when: always }],
      ["hang@always", { kind: "hang", when: always }],
      ["throttling@every:3", { kind: "throttling", when: { calls: "every", step: 3 } }],
      [
        "throttling:500ms@every:9+6",
        { kind: "throttling", retryAfter: { milliseconds: 500 }, when: { calls: "every", step: 9, from: 6 } },
      ],
      ["throttling:2s", { kind: "throttling", retryAfter: { seconds: 2 }, when: always }],
      [
        "error:NoPermission:403@first:2",
        { kind: "error", code: "NoPermission", status: 403, when: { calls: "first", count: 2 } },
      ],
      ["error:Throttling.Api", { kind: "error", code: "Throttling.Api", when: always }],
      ["soft", { kind: "soft", code: "Throttling.User", when: always }],
      ["soft:InternalError", { kind: "soft", code: "InternalError", when: always }],
      ["changed@page:2", { kind: "changed", change: "inserted", when: { calls: "page", page: 2 } }],
      ["changed:swapped", { kind: "changed", change: "swapped", when: always }],
      [
        "total-wrong:7@calls:1,5,9",
        { kind: "total-wrong", total: 7, when: { calls: "numbered", numbers: [1, 5, 9] } },
      ],
    ];
    for (const [text, fault] of right) {
      it(text, () => assert.deepEqual(parseFault(text), fault));
    }

    const wrong: readonly [string, RegExp][] = [
      ["thrtle", /: the kind must be one of throttling, error-500, .*, total-wrong\.$/],
      ["", /: the kind must be one of /],
      ["toString", /: the kind must be one of /],
      ["reset:now", /must be reset, without an argument\.$/],
      ["throttling:soon", /must be a delay such as throttling:500ms or throttling:2s\.$/],
      ["error", /must be a code with an optional status/],
      ["error:X:200", /must be a code with an optional status/],
      ["soft:OK", /must be soft:Throttling\.User or soft:InternalError/],
      ["changed:moved", /must be changed:inserted/],
      ["total-wrong", /must be a number such as total-wrong:7/],
      ["reset@", /must be always, first:N, every:N, every:N\+K, calls:A,B,C or page:N\.$/],
      ["reset@every", /must be always/],
      ["reset@every:2,3", /must be always/],
      ["reset@calls:1+2", /must be always/],
      ["reset@first:0", /must be a whole number from 1 to 1000000000, got 0\.$/],
    ];
    for (const [text, message] of wrong) {
      it(`rejects ${JSON.stringify(text)}`, () =>
        assert.throws(() => parseFault(text), { name: "EmulatorOptionError", message }));
    }
  });

  it("apply to the right calls", () => {
    const struck = (text: string) =>
      [1, 2, 3, 4, 5, 6, 7, 8].filter((call) => appliesTo(parseFault(text).when, call, call % 4));
    assert.deepEqual(struck("reset"), [1, 2, 3, 4, 5, 6, 7, 8]);
    assert.deepEqual(struck("reset@first:2"), [1, 2]);
    assert.deepEqual(struck("reset@every:3"), [3, 6]);
    assert.deepEqual(struck("reset@every:3+1"), [1, 4, 7]);
    assert.deepEqual(struck("reset@calls:2,8"), [2, 8]);
    assert.deepEqual(struck("reset@page:3"), [3, 7]);
  });

  const answers: readonly [string, number, string | undefined, RegExp][] = [
    ["throttling", 400, "Throttling.User", /flow control/],
    ["error-500", 500, "InternalError", /Please try again later/],
    ["error-503", 503, "ServiceUnavailable", /temporary failure/],
    ["forbidden", 403, "Forbidden.RAM", /not authorized/],
    ["error:NoPermission:403", 403, "NoPermission", /injected the error NoPermission/],
    ["soft", 200, "Throttling.User", /"HttpStatusCode":400,.*"Success":false/],
    ["soft:InternalError", 200, "InternalError", /"HttpStatusCode":500,.*"Success":false/],
    ["html", 502, undefined, /^<!DOCTYPE html>/],
    ["html-ok", 200, undefined, /^<!DOCTYPE html>/],
    ["empty", 200, undefined, /^$/],
    ["redirect", 302, undefined, /^$/],
  ];
  for (const [fault, status, code, body] of answers) {
    it(`${fault} returns ${status}`, async () => {
      const emulator = await start({ faults: [fault] });
      const answer = await getSigned(emulator);
      assert.equal(answer.status, status);
      assert.match(answer.text, body);
      if (code !== undefined) {
        assert.equal(json(answer).Code, code);
      }
      assert.deepEqual([emulator.calls[0]?.status, emulator.calls[0]?.code], [status, code]);
    });
  }

  it("throttling sends the wait in the configured header", async () => {
    const emulator = await start({
      faults: ["throttling:500ms@calls:1", "throttling:2s@calls:2", "throttling"],
    });
    const waits: (string | string[] | undefined)[][] = [];
    for (let call = 0; call < 3; call++) {
      const { headers } = await getSigned(emulator);
      waits.push([headers["x-acs-retry-after"], headers["retry-after"]]);
    }
    assert.deepEqual(waits, [
      ["500", undefined],
      [undefined, "2"],
      [undefined, undefined],
    ]);
  });

  it("redirect points to a path of the emulator, which the log would show", async () => {
    const emulator = await start({ faults: ["redirect"] });
    assert.equal((await getSigned(emulator)).headers.location, `${emulator.endpoint}/elsewhere`);
  });

  it("reset breaks the connection without a byte", async () => {
    const emulator = await start({ faults: ["reset"] });
    await assert.rejects(getSigned(emulator), { code: "ECONNRESET" });
    assert.deepEqual([emulator.calls[0]?.faults, emulator.calls[0]?.status], [["reset"], undefined]);
  });

  it("truncated sends less than content-length", async () => {
    const emulator = await start({ faults: ["truncated"] });
    await assert.rejects(getSigned(emulator), { code: "ECONNRESET", message: "aborted" });
  });

  it("cut sends half of the JSON with a matching content-length", async () => {
    const answer = await getSigned(await start({ faults: ["cut"] }));
    assert.equal(answer.status, 200);
    assert.equal(answer.headers["content-length"], `${Buffer.byteLength(answer.text)}`);
    assert.throws(() => json(answer), SyntaxError);
  });

  it("hang sends no response, and ends with the emulator", async () => {
    const emulator = await start({ faults: ["hang"] });
    const answer = assert.rejects(getSigned(emulator), { code: "ECONNRESET" });
    const other = await start();
    await getSigned(other);
    while (emulator.calls.length === 0) {
      await getSigned(other);
    }
    await emulator.close();
    await answer;
  });

  it("drip sends the headers, then byte by byte", async () => {
    const emulator = await start({ faults: ["drip"] });
    const { port, hostname } = new URL(emulator.endpoint);
    const socket = createConnection(Number(port), hostname);
    socket.write(`GET /?${signVersion1(emulator, "GET")} HTTP/1.1\r\nHost: ${hostname}:${port}\r\n\r\n`);
    const [head]: Buffer[] = await once(socket, "data");
    assert.match(head?.toString() ?? "", /^HTTP\/1\.1 200 OK\r\n(.+\r\n)+\r\n$/);
    const [first]: Buffer[] = await once(socket, "data");
    assert.equal(first?.toString(), "{");
    socket.destroy();
  });

  describe("in the contents of the list", () => {
    const tag = { "Tag.1.Key": "部门", "Tag.1.Value": "客服部", Name: "", PageSize: "1000" };
    const list = async (fault: string, parameters: Record<string, string> = tag) => {
      const emulator = await start({ count: 60 });
      const before = json(await getSigned(emulator, parameters));
      emulator.setFaults(fault);
      const after = json(await getSigned(emulator, parameters));
      const ids = ({ Instances }: Record<string, unknown>) => {
        assert.ok(Array.isArray(Instances));
        return Instances.map(({ InstanceId }: { InstanceId: string }) => InstanceId);
      };
      return { before: ids(before), after: ids(after), total: Number(before.TotalCount), answer: after };
    };

    it("changed:inserted inserts an instance at the start of the selection", async () => {
      const { before, after, total, answer } = await list("changed");
      assert.deepEqual(after.slice(1), before);
      assert.equal(answer.TotalCount, total + 1);
    });

    it("changed:removed removes the first instance of the selection", async () => {
      const { before, after, total, answer } = await list("changed:removed");
      assert.deepEqual(after, before.slice(1));
      assert.equal(answer.TotalCount, total - 1);
    });

    it("changed:swapped removes the first instance and appends another", async () => {
      const { before, after, total, answer } = await list("changed:swapped");
      assert.deepEqual(after.slice(0, -1), before.slice(1));
      assert.ok(!before.some((id) => id === after.at(-1)));
      assert.equal(answer.TotalCount, total);
    });

    it("changed never returns a removed instance", async () => {
      const emulator = await start({ count: 1, faults: ["changed:swapped"] });
      const seen: string[] = [];
      for (let call = 1; call <= 4; call++) {
        await getSigned(emulator, {});
        seen.push(...emulator.instances.map(({ InstanceId }) => InstanceId));
      }
      assert.equal(new Set(seen).size, 4);
    });

    it("repeat returns page 1 under the requested number", async () => {
      const { before } = await list("repeat", { PageSize: "5" });
      const { after, answer } = await list("repeat", { PageSize: "5", PageNumber: "3" });
      assert.deepEqual(after, before);
      assert.equal(answer.PageNumber, 3);
    });

    it("empty-page returns no instances", async () => {
      const { after, answer } = await list("empty-page", {});
      assert.deepEqual([after, answer.TotalCount], [[], 60]);
    });

    it("total-missing and total-wrong change only the total", async () => {
      const missing = await list("total-missing");
      assert.deepEqual(missing.after, missing.before);
      assert.equal("TotalCount" in missing.answer, false);
      assert.equal((await list("total-wrong:7")).answer.TotalCount, 7);
    });

    it("take effect together, unless another fault replaces the response", async () => {
      const { answer } = await list("total-wrong:7");
      assert.equal(answer.TotalCount, 7);
      const emulator = await start({ count: 9, faults: ["changed", "error-500@calls:1", "total-wrong:3"] });
      assert.equal((await getSigned(emulator)).status, 500);
      assert.equal(emulator.instances.length, 9);
      assert.equal(json(await getSigned(emulator)).TotalCount, 3);
      assert.equal(emulator.instances.length, 10);
      assert.deepEqual(
        emulator.calls.map(({ faults }) => faults),
        [["error-500"], ["changed", "total-wrong"]],
      );
    });
  });

  it("count only valid calls, from when the plan was set", async () => {
    const emulator = await start({ faults: ["error-500@calls:2"] });
    const status = async (key = emulator.accessKeySecret) =>
      (await getSigned({ ...emulator, accessKeySecret: key })).status;
    assert.deepEqual([await status(), await status("wrong"), await status()], [200, 400, 500]);
    emulator.setFaults("error-503@first:1");
    assert.deepEqual([await status(), await status()], [503, 200]);
    emulator.setFaults();
    assert.equal(await status(), 200);
    assert.throws(() => emulator.setFaults("reset", "nonsense"), { name: "EmulatorOptionError" });
    assert.equal(await status(), 200);
  });

  it("throttles above the rate limit", async () => {
    const emulator = await start({ rateLimit: { callsPerSecond: 0.001, burst: 2 } });
    const codes: unknown[] = [];
    for (let call = 0; call < 3; call++) {
      codes.push(json(await getSigned(emulator)).Code);
    }
    assert.deepEqual(codes, ["OK", "OK", "Throttling.User"]);
  });

  it("refills the rate limit with time, up to the burst", () => {
    let now = 0;
    const limit = new RateLimit(2, 3, () => now);
    const take = (calls: number) => Array.from({ length: calls }, () => limit.take());
    assert.deepEqual(take(4), [true, true, true, false]);
    now = 499;
    assert.deepEqual(take(1), [false]);
    now = 500;
    assert.deepEqual(take(2), [true, false]);
    now = 100_000;
    assert.deepEqual(take(4), [true, true, true, false]);
  });
});
