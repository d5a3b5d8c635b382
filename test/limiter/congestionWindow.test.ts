import assert from "node:assert/strict";
import { CongestionWindow } from "../../src/limiter/congestionWindow.js";

/** Sends calls at `now` until the window is full. */
function fill(window: CongestionWindow, now: number): number {
  let sent = 0;
  while (!window.full) {
    window.sent(now);
    sent++;
  }
  return sent;
}

function accept(window: CongestionWindow, now: number, sentAt: number, calls: number): void {
  for (let call = 0; call < calls; call++) {
    window.ended(sentAt);
    window.accepted(now, sentAt);
  }
}

/** Returns a window of this size without calls in flight, whose rounds took 10 ms each. */
function windowOf(size: number): CongestionWindow {
  const window = new CongestionWindow(64);
  for (let now = 0; now < 100; now += 10) {
    const sent = fill(window, now);
    if (sent === size) {
      for (let call = 0; call < sent; call++) {
        window.ended(now);
      }
      return window;
    }
    accept(window, now + 10, now, sent);
  }
  throw new RangeError(`no window grows to ${size}`);
}

describe("CongestionWindow", () => {
  it("counts the calls in flight, and those sent after a given time", () => {
    const window = new CongestionWindow(64);
    for (const now of [1, 2, 2, 3]) {
      window.sent(now);
    }
    assert.equal(window.underWay, 4);
    assert.deepEqual(
      [0, 1, 2, 3].map((time) => window.sentAfter(time)),
      [4, 3, 1, 0],
    );
    window.ended(2);
    assert.equal(window.underWay, 3);
    assert.equal(window.sentAfter(1), 2);
  });

  it("triples with the last response of a round, which includes calls sent before its first response", () => {
    const window = new CongestionWindow(64);
    assert.equal(fill(window, 0), 6);
    accept(window, 10, 0, 1);
    window.sent(10);
    accept(window, 12, 0, 5);
    assert.equal(fill(window, 12), 5);
    accept(window, 20, 10, 1);
    assert.equal(fill(window, 20), 18 - 5);
  });

  it("triples from 6 to 18, then doubles up to the maximum", () => {
    const window = new CongestionWindow(64);
    for (const [round, size] of [6, 18, 36, 64, 64].entries()) {
      assert.equal(fill(window, 10 * round), size);
      accept(window, 10 * round + 10, 10 * round, size);
    }
  });

  it("leaves calls for the next round if that takes no longer", () => {
    for (const [waiting, size] of [
      [1, 6],
      [6, 6],
      [7, 2],
      [9, 2],
      [10, 2],
      [11, 3],
      [24, 6],
      [99, 6],
    ] as const) {
      const window = new CongestionWindow(64);
      window.spread(waiting);
      assert.equal(fill(window, 0), size, `${waiting} calls`);
      accept(window, 10, 0, size);
      assert.ok(fill(window, 10) >= Math.min(waiting - size, 18));
    }
  });

  it("doesn't spread calls once the window has grown to its maximum", () => {
    const window = windowOf(64);
    window.spread(99);
    assert.equal(fill(window, 0), 64);
  });

  it("spreads calls in an initial window that is also the maximum", () => {
    const window = new CongestionWindow(6);
    window.spread(9);
    assert.equal(fill(window, 0), 2);
  });

  it("doesn't spread calls while others are in flight", () => {
    const window = new CongestionWindow(64);
    window.sent(0);
    window.spread(9);
    assert.equal(fill(window, 0), 5);
  });

  it("doesn't wait for calls sent after the first response of a round", () => {
    const window = new CongestionWindow(64);
    fill(window, 0);
    accept(window, 10, 0, 1);
    window.sent(11);
    accept(window, 12, 0, 5);
    assert.equal(fill(window, 12), 17);
  });

  it("waits for half of the latency after each response of a small round", () => {
    const window = windowOf(18);
    fill(window, 100);
    accept(window, 150, 100, 1);
    assert.equal(window.settledAt, 175);
    accept(window, 170, 100, 1);
    assert.equal(window.settledAt, 205);
    accept(window, 170, 100, 16);
    assert.equal(window.settledAt, Number.NEGATIVE_INFINITY);
  });

  it("doesn't wait once the window has grown to its maximum", () => {
    const window = new CongestionWindow(6);
    fill(window, 0);
    accept(window, 50, 0, 1);
    assert.equal(window.settledAt, Number.NEGATIVE_INFINITY);
    assert.equal(fill(window, 50), 1);
  });

  it("waits once for 1/25 of the latency, after the first response of a large round", () => {
    const window = windowOf(36);
    fill(window, 100);
    accept(window, 150, 100, 1);
    assert.equal(window.settledAt, 152);
    accept(window, 151, 100, 1);
    assert.equal(window.settledAt, 152);
    accept(window, 152, 100, 34);
    assert.equal(window.settledAt, Number.NEGATIVE_INFINITY);
  });

  it("waits up to the slowest latency so far, but 100 ms at most", () => {
    for (const [slowest, settledAt] of [
      [90, 1090],
      [500, 1110],
    ] as const) {
      const window = new CongestionWindow(64);
      window.sent(0);
      accept(window, slowest, 0, 1);
      window.sent(1000);
      window.sent(1000);
      accept(window, 1010, 1000, 1);
      assert.equal(window.settledAt, settledAt);
    }
  });

  it("halves once for the failures of one round trip, and again for a call sent at that time", () => {
    const window = windowOf(36);
    window.failed(100, 90);
    window.failed(101, 99);
    assert.equal(fill(window, 101), 18);
    window.failed(110, 100);
    for (let call = 0; call < 18; call++) {
      window.ended(101);
    }
    assert.equal(fill(window, 111), 9);
  });
});
