import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { Gate } from "../../src/limiter/gate.js";
import { Pace } from "../../src/limiter/pace.js";
import { FakeClock, settled } from "../helpers/fakeClock.js";

const never = new AbortController().signal;

function open(maxConcurrency: number) {
  const clock = new FakeClock();
  const pace = new Pace(maxConcurrency, () => 0.5);
  const gate = new Gate(pace, clock);
  const entered: string[] = [];
  const enter = (name: string, signal = never) => gate.enter(signal).then(() => void entered.push(name));
  const end = (outcome: (now: number) => void) => {
    outcome(clock.now());
    gate.ended();
    return settled();
  };
  return { clock, pace, gate, entered, enter, end };
}

describe("Gate", () => {
  it("lets calls through at once while there is room, and says when", async () => {
    const { clock, gate, pace } = open(2);
    await clock.pass(7);
    assert.equal(await gate.enter(never), 7);
    assert.equal(await gate.enter(never), 7);
    assert.equal(pace.wait(7), Number.POSITIVE_INFINITY);
    assert.equal(clock.timers, 0);
  });

  it("lets the others through in the order in which they came, as calls end", async () => {
    const { enter, entered, end, pace } = open(1);
    for (const name of ["a", "b", "c"]) {
      void enter(name);
    }
    await settled();
    assert.deepEqual(entered, ["a"]);
    await end((now) => pace.accepted(now, 0));
    assert.deepEqual(entered, ["a", "b"]);
    await end((now) => pace.abandoned(now, 0));
    assert.deepEqual(entered, ["a", "b", "c"]);
  });

  it("sets one timer for all when the pace wants a rest, and none when nobody waits", async () => {
    const { clock, enter, entered, end, pace } = open(4);
    await enter("a");
    await end((now) => pace.throttled(now, 0, 300));
    assert.equal(clock.timers, 0);
    for (const name of ["b", "c", "d"]) {
      void enter(name);
    }
    assert.equal(clock.timers, 1);
    await clock.pass(299);
    assert.deepEqual(entered, ["a"]);
    await clock.pass(1);
    assert.deepEqual(entered, ["a", "b"]);
    assert.equal(clock.timers, 0);
  });

  it("refuses a call whose signal is aborted already", async () => {
    const { gate, pace } = open(1);
    const reason = new Error("too late");
    await assert.rejects(gate.enter(AbortSignal.abort(reason)), reason);
    assert.equal(pace.wait(0), 0);
  });

  it("forgets a call that is aborted while it waits: no timer, no listener, and the next in line goes", async () => {
    const { clock, enter, entered, end, pace } = open(4);
    await enter("a");
    await end((now) => pace.throttled(now, 0, 300));
    const abort = new AbortController();
    const reason = new Error("enough");
    const b = assert.rejects(enter("b", abort.signal), reason);
    assert.equal(clock.timers, 1);
    abort.abort(reason);
    await b;
    assert.equal(clock.timers, 0);
    assert.equal(getEventListeners(abort.signal, "abort").length, 0);
    void enter("c");
    await clock.pass(300);
    assert.deepEqual(entered, ["a", "c"]);
  });

  it("leaves no listener on the signal of a call that it let through", async () => {
    const { gate } = open(1);
    const { signal } = new AbortController();
    await gate.enter(signal);
    assert.equal(getEventListeners(signal, "abort").length, 0);
  });
});
