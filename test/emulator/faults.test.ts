import assert from "node:assert/strict";
import { once } from "node:events";
import { createConnection } from "node:net";
import { appliesTo } from "../../src/emulator/faults.js";
import type { Fault } from "../../src/emulator/index.js";
import { toSettings } from "../../src/emulator/options.js";
import { RateLimit } from "../../src/emulator/service.js";
import { errorPage, forbidden, redirect, throttled, unavailable } from "../helpers/faults.js";
import { getSigned, json, signVersion1 } from "../helpers/http.js";
import { closeAll, start } from "../helpers/running.js";

describe("emulator: faults", () => {
  afterEach(closeAll);

  const wrong: readonly [unknown, RegExp][] = [
    ["reset", /^faults\[0\] must be an object, got "reset"\.$/],
    [{}, /^faults\[0\]\.kind must be one of error, response, .*, total, got nothing\.$/],
    [{ kind: "thrtle" }, /^faults\[0\]\.kind must be one of .*, got "thrtle"\.$/],
    [{ kind: "reset", now: true }, /^faults\[0\] has an unknown field "now"\. Its fields are kind, first, /],
    [{ kind: "reset", first: 0 }, /first must be a whole number from 1 to 1000000000, got 0\.$/],
    [
      { kind: "reset", calls: [1, "2"] },
      /calls\[1\] must be a whole number from 1 to 1000000000, got "2"\.$/,
    ],
    [{ kind: "error", code: "" }, /code must be a non-empty string, got ""\.$/],
    [{ kind: "error", status: 99 }, /status must be a whole number from 200 to 599, got 99\.$/],
    [
      { kind: "error", headers: { "retry-after": 2 } },
      /headers must be an object of strings, got an object\.$/,
    ],
    [{ kind: "total", total: -1 }, /total must be a whole number from 0 to 1000000000, got -1\.$/],
  ];
  for (const [fault, message] of wrong) {
    it(`reject ${JSON.stringify(fault)}`, () =>
      assert.throws(() => toSettings({ faults: [fault] }), { name: "EmulatorOptionError", message }));
  }

  it("apply to the right calls", () => {
    const struck = (calls: Omit<Fault, "kind">) =>
      [1, 2, 3, 4, 5, 6, 7, 8].filter((call) => appliesTo({ kind: "reset", ...calls }, call, call % 4));
    assert.deepEqual(struck({}), [1, 2, 3, 4, 5, 6, 7, 8]);
    assert.deepEqual(struck({ first: 2 }), [1, 2]);
    assert.deepEqual(struck({ every: 3 }), [3, 6]);
    assert.deepEqual(struck({ calls: [2, 8] }), [2, 8]);
    assert.deepEqual(struck({ page: 3 }), [3, 7]);
    assert.deepEqual(struck({ page: 3, first: 5 }), [3]);
  });

  const answers: readonly [Fault, number, string | undefined, RegExp][] = [
    [throttled, 400, "Throttling.User", /flow control/],
    [{ kind: "error" }, 500, "InternalError", /unknown error/],
    [unavailable, 503, "ServiceUnavailable", /temporary failure/],
    [forbidden, 403, "Forbidden.RAM", /not authorized/],
    [
      { kind: "error", code: "NoPermission", status: 403 },
      403,
      "NoPermission",
      /injected the error NoPermission/,
    ],
    [{ ...throttled, status: 200 }, 200, "Throttling.User", /"HttpStatusCode":400,"Success":false/],
    [{ kind: "error", status: 200 }, 200, "InternalError", /"HttpStatusCode":500,"Success":false/],
    [errorPage, 502, undefined, /^<!DOCTYPE html>/],
    [{ kind: "response" }, 200, undefined, /^$/],
    [redirect, 302, undefined, /^$/],
  ];
  for (const [fault, status, code, body] of answers) {
    it(`${JSON.stringify(fault)} returns ${status}`, async () => {
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

  it("error and response send the configured headers", async () => {
    const emulator = await start({
      faults: [{ ...throttled, headers: { "x-acs-retry-after": "500" }, calls: [1] }, redirect],
    });
    const { headers } = await getSigned(emulator);
    assert.deepEqual(
      [headers["x-acs-retry-after"], headers["content-type"]],
      ["500", "application/json;charset=utf-8"],
    );
    assert.equal((await getSigned(emulator)).headers.location, "/elsewhere");
  });

  it("reset breaks the connection without a byte", async () => {
    const emulator = await start({ faults: [{ kind: "reset" }] });
    await assert.rejects(getSigned(emulator), { code: "ECONNRESET" });
    assert.deepEqual([emulator.calls[0]?.faults, emulator.calls[0]?.status], [["reset"], undefined]);
  });

  it("truncated sends less than content-length", async () => {
    const emulator = await start({ faults: [{ kind: "truncated" }] });
    await assert.rejects(getSigned(emulator), { code: "ECONNRESET", message: "aborted" });
  });

  it("cut sends half of the JSON with a matching content-length", async () => {
    const answer = await getSigned(await start({ faults: [{ kind: "cut" }] }));
    assert.equal(answer.status, 200);
    assert.equal(answer.headers["content-length"], `${Buffer.byteLength(answer.text)}`);
    assert.throws(() => json(answer), SyntaxError);
  });

  it("hang sends no response, and ends with the emulator", async () => {
    const emulator = await start({ faults: [{ kind: "hang" }] });
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
    const emulator = await start({ faults: [{ kind: "drip" }] });
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
    const list = async (fault: Fault, parameters: Record<string, string> = tag) => {
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

    it("inserted inserts an instance at the start of the selection", async () => {
      const { before, after, total, answer } = await list({ kind: "inserted" });
      assert.deepEqual(after.slice(1), before);
      assert.equal(answer.TotalCount, total + 1);
    });

    it("removed removes the first instance of the selection", async () => {
      const { before, after, total, answer } = await list({ kind: "removed" });
      assert.deepEqual(after, before.slice(1));
      assert.equal(answer.TotalCount, total - 1);
    });

    it("swapped removes the first instance and appends another", async () => {
      const { before, after, total, answer } = await list({ kind: "swapped" });
      assert.deepEqual(after.slice(0, -1), before.slice(1));
      assert.ok(!before.some((id) => id === after.at(-1)));
      assert.equal(answer.TotalCount, total);
    });

    it("swapped never returns a removed instance", async () => {
      const emulator = await start({ count: 1, faults: [{ kind: "swapped" }] });
      const seen: string[] = [];
      for (let call = 1; call <= 4; call++) {
        await getSigned(emulator, {});
        seen.push(...emulator.instances.map(({ InstanceId }) => InstanceId));
      }
      assert.equal(new Set(seen).size, 4);
    });

    it("repeat returns page 1 under the requested number", async () => {
      const { before } = await list({ kind: "repeat" }, { PageSize: "5" });
      const { after, answer } = await list({ kind: "repeat" }, { PageSize: "5", PageNumber: "3" });
      assert.deepEqual(after, before);
      assert.equal(answer.PageNumber, 3);
    });

    it("empty-page returns no instances", async () => {
      const { after, answer } = await list({ kind: "empty-page" }, {});
      assert.deepEqual([after, answer.TotalCount], [[], 60]);
    });

    it("total changes only the total", async () => {
      const missing = await list({ kind: "total" });
      assert.deepEqual(missing.after, missing.before);
      assert.equal("TotalCount" in missing.answer, false);
      assert.equal((await list({ kind: "total", total: 7 })).answer.TotalCount, 7);
    });

    it("take effect together, unless another fault replaces the response", async () => {
      const { answer } = await list({ kind: "total", total: 7 });
      assert.equal(answer.TotalCount, 7);
      const emulator = await start({
        count: 9,
        faults: [
          { kind: "inserted" },
          { kind: "error", code: "InternalError", calls: [1] },
          { kind: "total", total: 3 },
        ],
      });
      assert.equal((await getSigned(emulator)).status, 500);
      assert.equal(emulator.instances.length, 9);
      assert.equal(json(await getSigned(emulator)).TotalCount, 3);
      assert.equal(emulator.instances.length, 10);
      assert.deepEqual(
        emulator.calls.map(({ faults }) => faults),
        [["error"], ["inserted", "total"]],
      );
    });
  });

  it("count only valid calls, from when the plan was set", async () => {
    const emulator = await start({ faults: [{ kind: "error", code: "InternalError", calls: [2] }] });
    const status = async (key = emulator.accessKeySecret) =>
      (await getSigned({ ...emulator, accessKeySecret: key })).status;
    assert.deepEqual([await status(), await status("wrong"), await status()], [200, 400, 500]);
    emulator.setFaults({ ...unavailable, first: 1 });
    assert.deepEqual([await status(), await status()], [503, 200]);
    emulator.setFaults();
    assert.equal(await status(), 200);
    assert.throws(() => emulator.setFaults({ kind: "reset" }, { kind: "hang", every: 0 }), {
      name: "EmulatorOptionError",
    });
    assert.equal(await status(), 200);
  });

  it("throttles above the rate limit", async () => {
    const emulator = await start({ rateLimit: 0.001, rateLimitBurst: 2 });
    const codes: unknown[] = [];
    for (let call = 0; call < 3; call++) {
      codes.push(json(await getSigned(emulator)).Code);
    }
    assert.deepEqual(codes, ["OK", "OK", "Throttling.User"]);
  });

  it("refills the rate limit with time, up to the burst", () => {
    let now = 0;
    const limit = new RateLimit(2, 3, () => now);
    const take = (calls: number) => Array.from({ length: calls }, () => limit.accept());
    assert.deepEqual(take(4), [true, true, true, false]);
    now = 499;
    assert.deepEqual(take(1), [false]);
    now = 500;
    assert.deepEqual(take(2), [true, false]);
    now = 100_000;
    assert.deepEqual(take(4), [true, true, true, false]);
  });
});
