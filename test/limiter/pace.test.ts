import assert from "node:assert/strict";
import { Pace } from "../../src/limiter/pace.js";

/** Returns the fill rate in calls per second. */
function rate(pace: Pace, now: number): number {
  return Number((1000 * pace.fillRate(now)).toFixed(2));
}

/** Returns a pace that was measured at `now`, over `calls` calls since 1000 ms. */
function measured(now: number, calls: number): Pace {
  const pace = new Pace();
  pace.usedUp(900);
  accept(pace, 1000, 1);
  accept(pace, now, calls);
  pace.usedUp(now);
  return pace;
}

function accept(pace: Pace, now: number, calls: number): void {
  for (let call = 0; call < calls; call++) {
    pace.callAccepted(now, true);
  }
}

describe("Pace", () => {
  it("is unlimited until the quota is used up and a call accepted afterwards", () => {
    const pace = new Pace();
    accept(pace, 0, 20);
    assert.equal(pace.fillRate(0), Number.POSITIVE_INFINITY);
    pace.usedUp(10);
    pace.callAccepted(12, false);
    assert.deepEqual([pace.isUsedUp, pace.fillRate(12)], [true, Number.POSITIVE_INFINITY]);
    pace.callAccepted(110, true);
    assert.deepEqual([pace.isUsedUp, pace.isMeasured, rate(pace, 110)], [false, false, 30]);
  });

  it("doubles a guess with each accepted call", () => {
    const pace = new Pace();
    pace.usedUp(0);
    accept(pace, 100, 1);
    assert.equal(rate(pace, 100), 30);
    accept(pace, 130, 2);
    assert.equal(rate(pace, 130), 120);
  });

  it("measures the calls accepted since the first one after the quota was used up", () => {
    const pace = measured(2000, 20);
    assert.deepEqual([pace.isMeasured, pace.isUsedUp, rate(pace, 2000)], [true, true, 20]);
  });

  it("measures more precisely over several measurements", () => {
    const pace = measured(1500, 11);
    assert.equal(rate(pace, 1500), 22);
    accept(pace, 1550, 1);
    accept(pace, 2250, 13);
    pace.usedUp(2250);
    assert.equal(rate(pace, 2250), 20);
  });

  it("follows a limit that changes, to within one call", () => {
    const pace = measured(3000, 40);
    accept(pace, 3100, 1);
    accept(pace, 4100, 5);
    pace.usedUp(4100);
    assert.equal(rate(pace, 4100), 6);
    accept(pace, 4200, 1);
    accept(pace, 5200, 40);
    pace.usedUp(5200);
    assert.equal(rate(pace, 5200), 39);
  });

  it("stays near a rate at which at least 16 calls were accepted", () => {
    for (const [calls, expected] of [
      [15, 15],
      [16, 18.02],
    ] as const) {
      const pace = measured(2000, 20);
      accept(pace, 2000, 1);
      accept(pace, 3000, calls - 1);
      pace.usedUp(3000);
      assert.equal(rate(pace, 3000), expected);
    }
  });

  it("halves a call that was never accepted", () => {
    assert.equal(rate(measured(1100, 0), 1100), 5);
  });

  it("grows slowly at first, then faster, then linearly", () => {
    // After a measurement of 8 calls, the rate grows by half in 200 calls.
    const pace = measured(1400, 8);
    const rates = [16, 48, 64, 64, 64].map((calls) => {
      accept(pace, 1400, calls);
      return rate(pace, 1400);
    });
    assert.deepEqual(rates, [20.01, 20.66, 25.24, 31.6, 34.8]);
  });

  it("doubles within 12 s without calls", () => {
    const pace = measured(2000, 20);
    assert.deepEqual([rate(pace, 8000), rate(pace, 14_000)], [22.5, 40]);
  });

  it("is at least 1.5 calls per second, unless it is known precisely", () => {
    assert.equal(rate(measured(5000, 1), 5000), 1.5);
    assert.equal(rate(measured(21_000, 10), 21_000), 0.5);
  });
});
