import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { CallQueue } from "../../src/limiter/callQueue.js";
import { RateLimiter } from "../../src/limiter/rateLimiter.js";
import { FakeClock, settled } from "../helpers/fakeClock.js";

const never = new AbortController().signal;

function open(maxConcurrency: number) {
  const clock = new FakeClock();
  const limiter = new RateLimiter(maxConcurrency, () => 0.5);
  const queue = new CallQueue(limiter, clock);
  const entered: string[] = [];
  const enter = (name: string, signal = never) => queue.acquire(signal).then(() => void entered.push(name));
  const end = (outcome: (now: number) => void, sentAt = 0) => {
    outcome(clock.now());
    queue.release(sentAt);
    return settled();
  };
  return { clock, limiter, queue, entered, enter, end };
}

describe("CallQueue", () => {
  it("admits calls immediately while there is room, and returns the time", async () => {
    const { clock, queue, limiter } = open(2);
    await clock.pass(7);
    assert.equal(await queue.acquire(never), 7);
    assert.equal(await queue.acquire(never), 7);
    assert.equal(limiter.wait(7), Number.POSITIVE_INFINITY);
    assert.equal(clock.timers, 0);
  });

  it("admits other calls in order of arrival as calls end", async () => {
    const { enter, entered, end, limiter } = open(1);
    for (const name of ["a", "b", "c"]) {
      void enter(name);
    }
    await settled();
    assert.deepEqual(entered, ["a"]);
    await end((now) => limiter.accepted(now, 0));
    assert.deepEqual(entered, ["a", "b"]);
    await end((now) => limiter.abandoned(now, 0));
    assert.deepEqual(entered, ["a", "b", "c"]);
  });

  it("sets one timer for all waiting calls, and none otherwise", async () => {
    const { clock, enter, entered, end, limiter } = open(4);
    await enter("a");
    await end((now) => limiter.throttled(now, 0, 1000));
    assert.equal(clock.timers, 0);
    for (const name of ["b", "c", "d"]) {
      void enter(name);
    }
    await settled();
    assert.equal(clock.timers, 1);
    await clock.pass(999);
    assert.deepEqual(entered, ["a"]);
    await clock.pass(1);
    assert.deepEqual(entered, ["a", "b"]);
    await end((now) => limiter.accepted(now, 1000), 1000);
    await clock.pass(10_000);
    assert.equal(clock.timers, 0);
  });

  it("rejects a call whose signal is already aborted", async () => {
    const { queue, limiter } = open(1);
    const reason = new Error("too late");
    await assert.rejects(queue.acquire(AbortSignal.abort(reason)), reason);
    assert.equal(limiter.wait(0), 0);
  });

  it("removes a call that is aborted while it waits, and admits the next one", async () => {
    const { clock, enter, entered, end, limiter } = open(4);
    await enter("a");
    await end((now) => limiter.throttled(now, 0, 1000));
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
