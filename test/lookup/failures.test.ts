import assert from "node:assert/strict";
import type { Fault } from "../../src/emulator/index.js";
import { ConnectionError, getInstances, InconsistentListError, ServiceError } from "../../src/index.js";
import { instances } from "../../src/lists/instances.js";
import { requestPage } from "../../src/lists/page.js";
import { connect } from "../../src/lookup/connection.js";
import { settingsOf } from "../helpers/client.js";
import { expected } from "../helpers/expected.js";
import { errorPage, forbidden, redirect, throttled, unavailable } from "../helpers/faults.js";
import { failureOf, startHere } from "../helpers/lookup.js";
import { closeAll } from "../helpers/running.js";

const noWhere = new AbortController().signal;

// Uses the real SDK over HTTP against the emulator. Proves nothing about undocumented behavior of the service.
describe("lookup", () => {
  afterEach(closeAll);

  describe("after one failed call: the exact list", () => {
    const faults: readonly Fault[] = [
      { ...throttled, first: 1 },
      { ...throttled, headers: { "x-acs-retry-after": "10" }, first: 2 },
      { kind: "error", code: "InternalError", first: 2 },
      { ...unavailable, calls: [1, 4] },
      { kind: "error", code: "SignatureNonceUsed", first: 1 },
      { kind: "error", code: "Throttling.User", status: 200, calls: [3] },
      { kind: "error", code: "InternalError", status: 200, first: 1 },
      { ...errorPage, calls: [1, 3] },
      { ...errorPage, status: 200, calls: [2] },
      { kind: "response", calls: [1, 2] },
      { kind: "reset", calls: [1, 3] },
      { kind: "truncated", calls: [1, 4] },
      { kind: "cut", calls: [2, 3] },
      { kind: "inserted", calls: [2] },
      { kind: "removed", calls: [3] },
      { kind: "swapped", calls: [1] },
      { kind: "repeat", calls: [3] },
      { kind: "empty-page", calls: [1] },
      { kind: "empty-page", calls: [3] },
      { kind: "total" },
      { kind: "total", calls: [1] },
      { kind: "total", total: 7, calls: [1] },
      { kind: "total", total: 300, calls: [1] },
      { kind: "total", total: 0, calls: [2] },
      { kind: "total", total: 100, calls: [1] },
      { kind: "total", total: 300, calls: [2, 3] },
    ];
    for (const fault of faults) {
      it(JSON.stringify(fault), async () => {
        const emulator = await startHere({ count: 250, faults: [fault] });
        assert.deepEqual((await getInstances()).instances, expected(emulator.instances));
      });
    }
  });

  describe("when a retry can't help: a typed error, immediately", () => {
    const refusals: readonly [Fault, code: string, status: number][] = [
      [forbidden, "Forbidden.RAM", 403],
      [
        { kind: "error", code: "InvalidAccessKeyId.NotFound", status: 404 },
        "InvalidAccessKeyId.NotFound",
        404,
      ],
      [{ kind: "error", code: "SignatureDoesNotMatch" }, "SignatureDoesNotMatch", 400],
      [{ kind: "error", code: "NoPermission", status: 403 }, "NoPermission", 403],
      [{ kind: "error", code: "InvalidApi.NotFound", status: 404 }, "InvalidApi.NotFound", 404],
      [{ kind: "error", code: "MissingParameter" }, "MissingParameter", 400],
      [{ kind: "error", code: "InvalidTimeStamp.Expired" }, "InvalidTimeStamp.Expired", 400],
      [redirect, "UnexpectedRedirect", 302],
    ];
    for (const [fault, code, status] of refusals) {
      it(JSON.stringify(fault), async () => {
        const emulator = await startHere({ count: 250, faults: [fault] });
        const error = await failureOf(getInstances());
        assert.ok(ServiceError.isInstance(error), String(error));
        assert.deepEqual(
          [error.code, error.statusCode, error.action, error.endpoint],
          [code, status, "ListInstances", emulator.endpoint],
        );
        assert.equal(emulator.counters.calls, 1);
        if (fault !== redirect) {
          assert.match(error.requestId ?? "", /^[0-9A-F-]{36}$/);
          assert.match(error.message, new RegExp(error.requestId ?? ""));
        }
        assert.match(error.message, new RegExp(`${code}.*${status}`));
      });
    }

    const inconsistent: readonly Fault[] = [
      { kind: "inserted", page: 2 },
      { kind: "empty-page", page: 2 },
      { kind: "empty-page", page: 1 },
      { kind: "repeat", page: 2 },
      { kind: "repeat" },
      { kind: "total", total: 251 },
      { kind: "total", total: 100 },
    ];
    for (const fault of inconsistent) {
      it(`${JSON.stringify(fault)}: the list is never wrong`, async () => {
        const emulator = await startHere({ count: 250, faults: [fault] });
        const error = await failureOf(getInstances());
        assert.ok(InconsistentListError.isInstance(error), String(error));
        assert.ok(emulator.counters.calls <= 5 * 4, `${emulator.counters.calls} calls`);
      });
    }

    it("a closed port", async () => {
      const emulator = await startHere();
      await emulator.close();
      const { send } = connect(settingsOf(emulator));
      const error = await failureOf(
        requestPage(instances, {}, { number: 1, size: 1 }, { send, endpoint: emulator.endpoint }, noWhere),
      );
      assert.ok(ConnectionError.isInstance(error), String(error));
      assert.deepEqual([error.code, error.endpoint], ["ConnectionRefused", emulator.endpoint]);
    });
  });

  // One attempt each; test/api/calls.test.ts tests retries.
  describe("reports the failure of a single call", () => {
    const faults: [
      fault: Fault,
      kind: "ServiceError" | "ConnectionError",
      code: string,
      status: number | undefined,
      hasId: boolean,
    ][] = [
      [throttled, "ServiceError", "Throttling.User", 400, true],
      [
        { ...throttled, headers: { "x-acs-retry-after": "1500" } },
        "ServiceError",
        "Throttling.User",
        400,
        true,
      ],
      [{ kind: "error", code: "InternalError" }, "ServiceError", "InternalError", 500, true],
      [unavailable, "ServiceError", "ServiceUnavailable", 503, true],
      [{ kind: "error", code: "Throttling.User", status: 200 }, "ServiceError", "Throttling.User", 400, true],
      [{ kind: "error", code: "InternalError", status: 200 }, "ServiceError", "InternalError", 500, true],
      [errorPage, "ServiceError", "UnreadableResponse", 502, false],
      [{ ...errorPage, status: 200 }, "ServiceError", "UnreadableResponse", 200, false],
      [{ kind: "response" }, "ServiceError", "EmptyResponse", 200, false],
      [redirect, "ServiceError", "UnexpectedRedirect", 302, false],
      [{ kind: "cut" }, "ServiceError", "UnreadableResponse", 200, true],
      [{ kind: "reset" }, "ConnectionError", "ConnectionReset", undefined, false],
      [{ kind: "truncated" }, "ConnectionError", "TruncatedResponse", 200, true],
      [{ kind: "hang" }, "ConnectionError", "CallTimeout", undefined, false],
      [{ kind: "drip" }, "ConnectionError", "CallTimeout", undefined, false],
    ];
    for (const [fault, kind, code, status, hasId] of faults) {
      it(JSON.stringify(fault), async () => {
        const emulator = await startHere({ count: 5, faults: [fault] });
        const { send, endpoint, openCalls } = connect(settingsOf(emulator, { callTimeout: 300 }));
        const error = await failureOf(
          openCalls(() => {}).make(
            { action: "ListInstances", endpoint },
            (signal) => requestPage(instances, {}, { number: 1, size: 10 }, { send, endpoint }, signal),
            noWhere,
          ),
        );
        assert.ok(ServiceError.isInstance(error) || ConnectionError.isInstance(error), String(error));
        assert.deepEqual(
          [
            error.name,
            error.code,
            error.statusCode,
            error.action,
            error.endpoint,
            error.requestId !== undefined,
          ],
          [kind, code, status, "ListInstances", emulator.endpoint, hasId],
        );
        assert.match(error.message, new RegExp(`^ListInstances at ${emulator.endpoint} failed: ${code}`));
      });
    }
  });
});
