import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { CallQueue } from "../../src/limiter/callQueue.js";
import { FakeClock, settled } from "../helpers/fakeClock.js";

const never = new AbortController().signal;

function open(maxConcurrency: number, maxRate?: number) {
  const clock = new FakeClock();
  const queue = new CallQueue({ maxConcurrency, maxRate }, clock, () => 0.5);
  const entered: string[] = [];
  const enter = async (name: string, signal = never) => {
    const token = await queue.acquire(signal);
    entered.push(name);
    return token;
  };
  return { clock, queue, entered, enter };
}

describe("CallQueue", () => {
  it("admits calls immediately while there is room, and returns the time", async () => {
    const { clock, enter, entered } = open(2);
    await clock.pass(7);
    assert.equal((await enter("a")).sentAt, 7);
    assert.equal((await enter("b")).sentAt, 7);
    void enter("c");
    await clock.pass(1000);
    assert.deepEqual(entered, ["a", "b"]);
    assert.equal(clock.timers, 0);
  });

  it("admits other calls in order of arrival as calls end", async () => {
    const { enter, entered } = open(1);
    const [a, b] = ["a", "b", "c"].map((name) => enter(name));
    await settled();
    assert.deepEqual(entered, ["a"]);
    (await a)?.release("accepted");
    await settled();
    assert.deepEqual(entered, ["a", "b"]);
    (await b)?.release("abandoned");
    await settled();
    assert.deepEqual(entered, ["a", "b", "c"]);
  });

  it("ignores a second report of the same call", async () => {
    const { enter, entered } = open(1);
    const a = await enter("a");
    a.release("accepted");
    void enter("b");
    await settled();
    a.release("throttled", 1000);
    void enter("c");
    await settled();
    assert.deepEqual(entered, ["a", "b"]);
  });

  it("sets one timer for all waiting calls, and none otherwise", async () => {
    const { clock, enter, entered } = open(4);
    (await enter("a")).release("throttled", 1000);
    assert.equal(clock.timers, 0);
    const [b] = ["b", "c", "d"].map((name) => enter(name));
    await settled();
    assert.equal(clock.timers, 1);
    await clock.pass(999);
    assert.deepEqual(entered, ["a"]);
    await clock.pass(1);
    assert.deepEqual(entered, ["a", "b"]);
    (await b)?.release("accepted");
    await clock.pass(10_000);
    assert.equal(clock.timers, 0);
  });

  it("keeps calls below the maximum rate", async () => {
    const { clock, enter, entered } = open(4, 2);
    for (const name of ["a", "b"]) {
      void enter(name).then((token) => token.release("accepted"));
    }
    await clock.pass(499);
    assert.deepEqual(entered, ["a"]);
    await clock.pass(1);
    assert.deepEqual(entered, ["a", "b"]);
  });

  it("rejects a call whose signal is already aborted", async () => {
    const { enter, entered } = open(1);
    const reason = new Error("too late");
    await assert.rejects(enter("a", AbortSignal.abort(reason)), reason);
    await enter("b");
    assert.deepEqual(entered, ["b"]);
  });

  it("removes a call that is aborted while it waits, and admits the next one", async () => {
    const { clock, enter, entered } = open(4);
    (await enter("a")).release("throttled", 1000);
    const abort = new AbortController();
    const reason = new Error("enough");
    const b = assert.rejects(enter("b", abort.signal), reason);
    await settled();
    assert.equal(clock.timers, 1);
    abort.abort(reason);
    await b;
    assert.equal(clock.timers, 0);
    assert.equal(getEventListeners(abort.signal, "abort").length, 0);
    void enter("c");
    await clock.pass(1000);
    assert.deepEqual(entered, ["a", "c"]);
  });

  it("leaves no listener on the signal of an admitted call", async () => {
    const { queue } = open(1);
    const { signal } = new AbortController();
    await queue.acquire(signal);
    assert.equal(getEventListeners(signal, "abort").length, 0);
  });
});
