import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { withDeadline } from "../../src/common/deadline.js";
import { FakeClock } from "../helpers/fakeClock.js";

const tooLate = new Error("too late");

/** Starts work with a timeout of one second. */
function start({ parent, work }: { parent?: AbortSignal; work?: () => Promise<string> } = {}) {
  const clock = new FakeClock();
  const signals: AbortSignal[] = [];
  const done = withDeadline(
    1000,
    () => tooLate,
    parent,
    (signal) => {
      signals.push(signal);
      return work?.() ?? new Promise(() => undefined);
    },
    clock,
  );
  done.catch(() => undefined);
  return { clock, signals, done };
}

describe("withDeadline", () => {
  it("returns the result of the work, and leaves no timer", async () => {
    const { clock, done, signals } = start({ work: async () => "page" });
    assert.equal(await done, "page");
    assert.equal(clock.timers, 0);
    assert.equal(signals[0]?.aborted, false);
  });

  it("rejects as the work does, and leaves no timer", async () => {
    const failure = new Error("no");
    const { clock, done } = start({ work: () => Promise.reject(failure) });
    await assert.rejects(done, (error) => error === failure);
    assert.equal(clock.timers, 0);
  });

  it("rejects after the timeout, with the same reason for the work", async () => {
    const { clock, done, signals } = start();
    await clock.pass(999);
    assert.equal(signals[0]?.aborted, false);
    await clock.pass(1);
    await assert.rejects(done, (error) => error === tooLate);
    assert.equal(signals[0]?.reason, tooLate);
  });

  it("rejects with the parent's reason, and leaves no timer or listener", async () => {
    const parent = new AbortController();
    const reason = new Error("enough");
    const { clock, done, signals } = start({ parent: parent.signal });
    assert.equal(getEventListeners(parent.signal, "abort").length, 1);
    parent.abort(reason);
    await assert.rejects(done, (error) => error === reason);
    assert.equal(signals[0]?.reason, reason);
    assert.equal(clock.timers, 0);
    assert.equal(getEventListeners(parent.signal, "abort").length, 0);
  });

  it("doesn't start the work if the parent is already aborted", async () => {
    const reason = new Error("enough");
    const { clock, done, signals } = start({ parent: AbortSignal.abort(reason) });
    await assert.rejects(done, (error) => error === reason);
    assert.deepEqual(signals, []);
    assert.equal(clock.timers, 0);
  });
});
