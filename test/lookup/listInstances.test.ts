import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { getInstances, InconsistentListError, listInstances } from "../../src/index.js";
import type { Instance } from "../../src/lists/instances.js";
import { failureOf, startHere } from "../helpers/lookup.js";
import { collect } from "../helpers/pagedList.js";
import { closeAll } from "../helpers/running.js";
import { unhandledDuring } from "../helpers/unhandled.js";

// Uses the real SDK over HTTP against the emulator. Proves nothing about undocumented behavior of the service.
describe("lookup", () => {
  afterEach(closeAll);

  describe("listInstances", () => {
    it("streams every instance in the service's order", async () => {
      const emulator = await startHere({ count: 1_050 });
      const ids = (await collect(listInstances())).map(({ id }) => id);
      assert.deepEqual(
        ids,
        emulator.instances.map(({ InstanceId }) => InstanceId),
      );
    });

    it("selects as the lookup does", async () => {
      await startHere({ count: 250 });
      const args = { tags: { env: "dev" }, nameRegex: "bot" };
      const ids = (await collect(listInstances(args))).map(({ id }) => id);
      assert.deepEqual(ids.sort(), (await getInstances(args)).ids.sort());
      assert.ok(ids.length > 0);
    });

    it("starts a new listing for each iteration", async () => {
      const emulator = await startHere({ count: 3 });
      const all = listInstances();
      await collect(all);
      emulator.remove(emulator.instances[0]?.InstanceId ?? "");
      assert.equal((await collect(all)).length, 2);
    });

    it("cancels the requests in flight when the reader leaves", async () => {
      const emulator = await startHere({ count: 100_000, latency: 5 });
      const unhandled = await unhandledDuring(async () => {
        let read = 0;
        for await (const _ of listInstances()) {
          if (++read === 250) {
            break;
          }
        }
      });
      assert.deepEqual(unhandled, []);
      // Three pages were read, and at most eight are read ahead.
      assert.ok(emulator.counters.calls <= 3 + 8, `${emulator.counters.calls} calls`);
    });

    it("ends with the signal's reason when it is aborted, and leaves no listener", async () => {
      await startHere({ count: 10_000, latency: 5 });
      const abort = new AbortController();
      const reason = new Error("enough");
      let read = 0;
      const unhandled = await unhandledDuring(async () => {
        const error = await failureOf(
          (async () => {
            for await (const _ of listInstances({}, { signal: abort.signal })) {
              if (++read === 150) {
                abort.abort(reason);
              }
            }
          })(),
        );
        assert.equal(error, reason);
      });
      assert.deepEqual(unhandled, []);
      // Instances read before can still be yielded, at most a page.
      assert.ok(read >= 150 && read <= 200, `${read} instances`);
      assert.deepEqual(getEventListeners(abort.signal, "abort"), []);
    });

    it("makes no request if the signal is already aborted", async () => {
      const emulator = await startHere();
      const error = await failureOf(
        collect(listInstances({}, { signal: AbortSignal.abort(new Error("no")) })),
      );
      assert.equal(error.message, "no");
      assert.equal(emulator.counters.calls, 0);
    });

    it("throws where the list changes, after yielding the items before", async () => {
      const emulator = await startHere({ count: 250, faults: [{ kind: "inserted", page: 3 }] });
      const before = emulator.instances.map(({ InstanceId }) => InstanceId);
      const got: Instance[] = [];
      const error = await failureOf(
        (async () => {
          for await (const instance of listInstances()) {
            got.push(instance);
          }
        })(),
      );
      assert.ok(InconsistentListError.isInstance(error), String(error));
      assert.deepEqual(
        got.map(({ id }) => id),
        before.slice(0, got.length),
      );
    });
  });
});
