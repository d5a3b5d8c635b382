import assert from "node:assert/strict";
import { setImmediate as nextTurn } from "node:timers/promises";
import { getInstances, ServiceError } from "../../src/index.js";
import { expected } from "../helpers/expected.js";
import { forbidden } from "../helpers/faults.js";
import { failureOf, startHere } from "../helpers/lookup.js";
import { closeAll } from "../helpers/running.js";

// Uses the real SDK over HTTP against the emulator. Proves nothing about undocumented behavior of the service.
describe("lookup", () => {
  afterEach(closeAll);

  describe("shares", () => {
    it("one listing among identical lookups in flight, but no items", async () => {
      const emulator = await startHere({ count: 250, latency: 20 });
      const results = await Promise.all(
        Array.from({ length: 10 }, () =>
          getInstances({ tags: { env: "prod" } }).then((result) => {
            const copy = structuredClone(result);
            // A change to one result must not appear in another.
            for (const instance of result.instances) {
              instance.id = "changed";
              delete instance.ownerName;
              instance.tags.env = "changed";
            }
            result.ids.length = 0;
            return copy;
          }),
        ),
      );
      const [first, ...others] = results;
      assert.deepEqual(
        first?.instances,
        expected(
          emulator.instances.filter(({ ResourceTags }) =>
            ResourceTags?.some(({ Key, Value }) => Key === "env" && Value === "prod"),
          ),
        ),
      );
      for (const other of others) {
        assert.deepEqual(other, first);
      }
      assert.equal(emulator.counters.calls, 1);
    });

    it("one listing among lookups that select differently from it", async () => {
      const emulator = await startHere({ count: 50, latency: 20 });
      const [all, none] = await Promise.all([getInstances(), getInstances({ ids: [] })]);
      assert.equal(all.ids.length, 50);
      assert.deepEqual(none.ids, []);
      assert.equal(emulator.counters.calls, 1);
    });

    it("nothing with a different or later lookup", async () => {
      const emulator = await startHere({ count: 5, latency: 20 });
      await Promise.all([getInstances(), getInstances({ tags: { env: "prod" } })]);
      assert.equal(emulator.counters.calls, 2);
      emulator.remove(emulator.instances[0]?.InstanceId ?? "");
      assert.equal((await getInstances()).ids.length, 4);
      assert.equal(emulator.counters.calls, 3);
    });

    it("nothing with a lookup that started earlier, before the list changed", async () => {
      const emulator = await startHere({ count: 5, latency: 50 });
      const before = getInstances();
      while (emulator.counters.calls === 0) {
        await nextTurn();
      }
      emulator.remove(emulator.instances[0]?.InstanceId ?? "");
      const after = await getInstances();
      assert.equal(after.ids.length, 4);
      await before;
      assert.equal(emulator.counters.calls, 2);
    });

    it("a failure as well", async () => {
      const emulator = await startHere({ latency: 20, faults: [forbidden] });
      const failures = await Promise.all([getInstances(), getInstances()].map(failureOf));
      assert.ok(failures.every(ServiceError.isInstance));
      assert.equal(emulator.counters.calls, 1);
    });
  });
});
