import assert from "node:assert/strict";
import { ConnectionError, getInstances, InconsistentListError, ServiceError } from "../../src/index.js";
import { instances } from "../../src/lists/instances.js";
import { requestPage } from "../../src/lists/page.js";
import { connect } from "../../src/lookup/connection.js";
import { settingsOf } from "../helpers/client.js";
import { expected } from "../helpers/expected.js";
import { failureOf, startHere } from "../helpers/lookup.js";
import { closeAll } from "../helpers/running.js";

const noWhere = new AbortController().signal;

// Uses the real SDK over HTTP against the emulator. Proves nothing about undocumented behavior of the service.
describe("lookup", () => {
  afterEach(closeAll);

  describe("after one failed call: the exact list", () => {
    for (const fault of [
      "throttling@first:1",
      "throttling:10ms@first:2",
      "error-500@first:2",
      "error-503@calls:1,4",
      "error:SignatureNonceUsed:400@first:1",
      "soft@calls:3",
      "soft:InternalError@first:1",
      "html@calls:1,3",
      "html-ok@calls:2",
      "empty@calls:1,2",
      "reset@calls:1,3",
      "truncated@calls:1,4",
      "cut@calls:2,3",
      "changed:inserted@calls:2",
      "changed:removed@calls:3",
      "changed:swapped@calls:1",
      "repeat@calls:3",
      "empty-page@calls:1",
      "empty-page@calls:3",
      "total-missing@always",
      "total-missing@calls:1",
      "total-wrong:7@calls:1",
      "total-wrong:300@calls:1",
      "total-wrong:0@calls:2",
      "total-wrong:100@calls:1",
      "total-wrong:300@calls:2,3",
    ]) {
      it(fault, async () => {
        const emulator = await startHere({ count: 250, faults: [fault] });
        assert.deepEqual((await getInstances()).instances, expected(emulator.instances));
      });
    }
  });

  describe("when a retry can't help: a typed error, immediately", () => {
    for (const [fault, code, status] of [
      ["forbidden", "Forbidden.RAM", 403],
      ["error:InvalidAccessKeyId.NotFound:404", "InvalidAccessKeyId.NotFound", 404],
      ["error:SignatureDoesNotMatch:400", "SignatureDoesNotMatch", 400],
      ["error:NoPermission:403", "NoPermission", 403],
      ["error:InvalidApi.NotFound:404", "InvalidApi.NotFound", 404],
      ["error:MissingParameter:400", "MissingParameter", 400],
      ["error:InvalidTimeStamp.Expired:400", "InvalidTimeStamp.Expired", 400],
      ["redirect", "UnexpectedRedirect", 302],
    ] as const) {
      it(fault, async () => {
        const emulator = await startHere({ count: 250, faults: [fault] });
        const error = await failureOf(getInstances());
        assert.ok(ServiceError.isInstance(error), String(error));
        assert.deepEqual(
          [error.code, error.statusCode, error.action, error.endpoint],
          [code, status, "ListInstances", emulator.endpoint],
        );
        assert.equal(emulator.counters.calls, 1);
        if (fault !== "redirect") {
          assert.match(error.requestId ?? "", /^[0-9A-F-]{36}$/);
          assert.match(error.message, new RegExp(error.requestId ?? ""));
        }
        assert.match(error.message, new RegExp(`${code}.*${status}`));
      });
    }

    for (const fault of [
      "changed:inserted@page:2",
      "empty-page@page:2",
      "empty-page@page:1",
      "repeat@page:2",
      "repeat@always",
      "total-wrong:251",
      "total-wrong:100",
    ]) {
      it(`${fault}: the list is never wrong`, async () => {
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
      fault: string,
      kind: "ServiceError" | "ConnectionError",
      code: string,
      status: number | undefined,
      hasId: boolean,
    ][] = [
      ["throttling", "ServiceError", "Throttling.User", 400, true],
      ["throttling:1500ms", "ServiceError", "Throttling.User", 400, true],
      ["error-500", "ServiceError", "InternalError", 500, true],
      ["error-503", "ServiceError", "ServiceUnavailable", 503, true],
      ["soft", "ServiceError", "Throttling.User", 400, true],
      ["soft:InternalError", "ServiceError", "InternalError", 500, true],
      ["html", "ServiceError", "UnreadableResponse", 502, false],
      ["html-ok", "ServiceError", "UnreadableResponse", 200, false],
      ["empty", "ServiceError", "EmptyResponse", 200, false],
      ["redirect", "ServiceError", "UnexpectedRedirect", 302, false],
      ["cut", "ServiceError", "UnreadableResponse", 200, true],
      ["reset", "ConnectionError", "ConnectionReset", undefined, false],
      ["truncated", "ConnectionError", "TruncatedResponse", 200, true],
      ["hang", "ConnectionError", "CallTimeout", undefined, false],
      ["drip", "ConnectionError", "CallTimeout", undefined, false],
    ];
    for (const [fault, kind, code, status, hasId] of faults) {
      it(fault, async () => {
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
