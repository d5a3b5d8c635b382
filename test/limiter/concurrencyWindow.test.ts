import assert from "node:assert/strict";
import { ConcurrencyWindow } from "../../src/limiter/concurrencyWindow.js";

/** Sends calls until the window is full. */
function fill(window: ConcurrencyWindow): number {
  let sent = 0;
  while (!window.full) {
    window.sent();
    sent++;
  }
  return sent;
}

/** Ends calls that were sent at 0, with these outcomes. */
function end(
  window: ConcurrencyWindow,
  now: number,
  ...outcomes: ("accepted" | "throttled" | "failed")[]
): void {
  for (const outcome of outcomes) {
    window.ended(now, 0);
    window[outcome]();
  }
}

const all = <const Outcome>(count: number, outcome: Outcome) => Array.from({ length: count }, () => outcome);

describe("ConcurrencyWindow", () => {
  it("doubles each round trip, from 4 to the maximum", () => {
    const window = new ConcurrencyWindow(50);
    for (const size of [4, 8, 16, 32, 50, 50]) {
      assert.equal(fill(window), size);
      end(window, 10, ...all(size, "accepted"));
    }
  });

  it("doesn't grow while it isn't used in full", () => {
    const window = new ConcurrencyWindow(64);
    for (let round = 0; round < 5; round++) {
      window.sent();
      window.sent();
      end(window, 10, "accepted", "accepted");
    }
    assert.equal(fill(window), 4);
  });

  it("starts with fewer calls if the maximum is smaller", () => {
    assert.equal(fill(new ConcurrencyWindow(3)), 3);
  });

  it("waits for half of the latency after each response of a round", () => {
    const window = new ConcurrencyWindow(64);
    fill(window);
    end(window, 50, "accepted");
    assert.equal(window.settledAt, 75);
    end(window, 70, "accepted");
    assert.equal(window.settledAt, 105);
    end(window, 80, "accepted", "accepted");
    assert.equal(window.settledAt, 80);
  });

  it("doesn't wait once it has its maximum size", () => {
    const window = new ConcurrencyWindow(4);
    fill(window);
    end(window, 50, "accepted");
    assert.equal(window.settledAt, 50);
    assert.equal(fill(window), 1);
  });

  it("halves with each throttled call, to one call", () => {
    const window = new ConcurrencyWindow(64);
    fill(window);
    end(window, 10, "accepted", "accepted", "accepted", "throttled");
    assert.equal(fill(window), 3);
    end(window, 20, ...all(3, "throttled"));
    assert.equal(fill(window), 1);
  });

  it("halves with each failed call, to its initial size", () => {
    const window = new ConcurrencyWindow(64);
    for (const size of [4, 8, 16]) {
      assert.equal(fill(window), size);
      end(window, 10, ...all(size, "accepted"));
    }
    assert.equal(fill(window), 32);
    end(window, 20, "failed");
    end(window, 20, ...all(15, "failed"), ...all(16, "accepted"));
    assert.equal(fill(window), 20);
    end(window, 30, ...all(20, "failed"));
    assert.equal(fill(window), 4);
  });

  it("takes the quota for used up when a whole round is throttled", () => {
    const window = new ConcurrencyWindow(64);
    window.sent();
    window.sent();
    end(window, 10, "throttled");
    assert.equal(window.isUsedUp, false);
    end(window, 10, "throttled");
    assert.equal(window.isUsedUp, true);
  });

  it("takes the quota for used up when more than 4 calls are throttled, and one more for 5 accepted", () => {
    const window = new ConcurrencyWindow(64);
    const throttle = (calls: number) => {
      window.sent();
      end(window, 10, "accepted");
      window.sent();
      for (let call = 0; call < calls; call++) {
        window.sent();
        end(window, 10, "throttled");
      }
      return window.isUsedUp;
    };
    assert.equal(throttle(4), false);
    assert.equal(throttle(1), true);
    window.restart();
    assert.equal(throttle(2), false);
    for (let call = 0; call < 4; call++) {
      window.sent();
      end(window, 10, "accepted");
    }
    assert.equal(throttle(1), false);
    assert.equal(throttle(1), true);
  });
});
