import assert from "node:assert/strict";
import { inspect } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import type { Fault } from "../../src/emulator/index.js";
import { getInstances, OutboundBotError, ServiceError } from "../../src/index.js";
import { instances } from "../../src/lists/instances.js";
import { requestPage } from "../../src/lists/page.js";
import { connect } from "../../src/lookup/connection.js";
import { settingsOf } from "../helpers/client.js";
import { errorPage, forbidden, redirect } from "../helpers/faults.js";
import { failureOf, startHere } from "../helpers/lookup.js";
import { closeAll, start } from "../helpers/running.js";

const noWhere = new AbortController().signal;

// Uses the real SDK over HTTP against the emulator. Proves nothing about undocumented behavior of the service.
describe("lookup", () => {
  afterEach(closeAll);

  describe("keeps secrets", () => {
    const secrets = { accessKeySecret: "hush-hush-secret", securityToken: "hush-hush-token" };
    for (const fault of [
      forbidden,
      redirect,
      { kind: "error", code: "SignatureDoesNotMatch" },
      { kind: "empty-page", page: 1 },
    ] satisfies Fault[]) {
      it(`out of the error after ${JSON.stringify(fault)}`, async () => {
        await startHere({ ...secrets, faults: [fault] });
        const error = await failureOf(getInstances());
        assert.ok(OutboundBotError.isInstance(error));
        const everything = inspect(error, { depth: Infinity, showHidden: true, getters: true });
        assert.ok(!everything.includes("hush-hush"), everything);
      });
    }
    for (const fault of [
      { kind: "reset" },
      { kind: "truncated" },
      { kind: "hang" },
      errorPage,
    ] satisfies Fault[]) {
      it(`out of the error after ${JSON.stringify(fault)}`, async () => {
        const emulator = await start({ ...secrets, faults: [fault] });
        const { send, endpoint, openCalls } = connect(settingsOf(emulator, { callTimeout: 200 }));
        const error = await failureOf(
          openCalls(() => {}).make(
            { action: "ListInstances", endpoint },
            (signal) => requestPage(instances, {}, { number: 1, size: 10 }, { send, endpoint }, signal),
            noWhere,
          ),
        );
        const everything = inspect(error, { depth: Infinity, showHidden: true, getters: true });
        assert.ok(!everything.includes("hush-hush"), everything);
      });
    }
    it("out of the error after a wrong secret", async () => {
      const emulator = await startHere();
      pulumi.runtime.setAllConfig({
        "outboundbot:endpoint": emulator.endpoint,
        "outboundbot:accessKey": emulator.accessKeyId,
        "outboundbot:secretKey": "hush-hush-wrong",
      });
      const error = await failureOf(getInstances());
      assert.ok(ServiceError.isInstance(error), String(error));
      assert.equal(error.code, "SignatureDoesNotMatch");
      const everything = inspect(error, { depth: Infinity, showHidden: true, getters: true });
      assert.ok(!everything.includes("hush-hush"), everything);
      assert.ok(!everything.includes(emulator.accessKeySecret), everything);
    });
  });
});
