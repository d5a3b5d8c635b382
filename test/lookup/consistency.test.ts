import assert from "node:assert/strict";
import {
  ArgumentError,
  ConnectionError,
  getInstance,
  getInstances,
  InconsistentListError,
  listInstances,
} from "../../src/index.js";
import { expected } from "../helpers/expected.js";
import { failureOf, startHere } from "../helpers/lookup.js";
import { collect } from "../helpers/pagedList.js";
import { closeAll } from "../helpers/running.js";

// Uses the real SDK over HTTP against the emulator.
describe("lookup", () => {
  afterEach(closeAll);

  describe("while instances are being swapped", () => {
    it("misses the swap with counted consistency, not with verified", async () => {
      const counted = await startHere({ count: 250, faults: [{ kind: "swapped", calls: [2] }] });
      const gone = counted.instances[0]?.InstanceId ?? "";
      const { ids, totalCount } = await getInstances();
      assert.equal(totalCount, 250);
      assert.ok(ids.includes(gone), "the hole that the document admits");
      assert.notDeepEqual(new Set(ids), new Set(counted.instances.map(({ InstanceId }) => InstanceId)));

      const verified = await startHere({ count: 250, faults: [{ kind: "swapped", calls: [2] }] });
      const result = await getInstances({ consistency: "verified" });
      assert.deepEqual(result.instances, expected(verified.instances));
      assert.equal(result.consistency, "verified");
      assert.equal(verified.counters.calls, 9);
    });

    it("finds the only matching instance of a verified list", async () => {
      const emulator = await startHere({ count: 250, faults: [{ kind: "swapped", calls: [2] }] });
      const id = emulator.instances[100]?.InstanceId ?? "";
      assert.equal((await failureOf(getInstance({ ids: [id] }))).name, "InstanceSelectionError");
      emulator.setFaults({ kind: "swapped", calls: [2] });
      const next = emulator.instances[100]?.InstanceId ?? "";
      assert.equal((await getInstance({ ids: [next], consistency: "verified" })).id, next);
    });

    it("fails when no two listings in a row are the same", async () => {
      const emulator = await startHere({ count: 250, faults: [{ kind: "swapped", page: 2 }] });
      const error = await failureOf(getInstances({ consistency: "verified" }));
      assert.ok(InconsistentListError.isInstance(error), String(error));
      assert.equal(emulator.counters.calls, 30);
    });
  });

  it("ends a verified lookup at lookupTimeout", async () => {
    const emulator = await startHere({ count: 250, latency: 200, faults: [{ kind: "swapped", page: 2 }] });
    const { runtime } = await import("@pulumi/pulumi");
    runtime.setAllConfig({ ...runtime.allConfig(), "outboundbot:lookupTimeout": "1000" });
    const error = await failureOf(getInstances({ consistency: "verified" }));
    assert.ok(ConnectionError.isInstance(error), String(error));
    assert.equal(error.code, "LookupTimeout");
    assert.ok(emulator.counters.calls < 30);
  });

  it("shares no listing between a counted and a verified lookup", async () => {
    const emulator = await startHere({ count: 250, latency: 20 });
    const [counted, verified, again] = await Promise.all([
      getInstances(),
      getInstances({ consistency: "verified" }),
      getInstances({ consistency: "verified" }),
    ]);
    assert.deepEqual(verified, again);
    assert.deepEqual(verified, { ...counted, consistency: "verified" });
    assert.equal(emulator.counters.calls, 3 + 6);
  });

  it("rejects consistency as an argument of a stream", async () => {
    const emulator = await startHere({ count: 1 });
    const error = await failureOf(collect(listInstances(JSON.parse('{"consistency": "verified"}'))));
    assert.ok(ArgumentError.isInstance(error));
    assert.match(error.problems[0]?.reason ?? "", /^is not an argument of listInstances; /);
    assert.equal(emulator.counters.calls, 0);
  });
});
