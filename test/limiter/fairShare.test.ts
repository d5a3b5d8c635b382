import assert from "node:assert/strict";
import { FairShare } from "../../src/limiter/fairShare.js";

/** Returns the interval between calls in milliseconds. */
function interval(share: FairShare, now: number, remaining: number): number {
  return Math.round(1 / share.rate(now, remaining));
}

describe("FairShare", () => {
  it("plans to send the remaining calls within 10 s, with 50 ms to 1 s between them", () => {
    const share = new FairShare();
    share.plan(1_000);
    for (const [remaining, milliseconds] of [
      [1, 1000],
      [10, 1000],
      [20, 500],
      [1000, 50],
      [Number.POSITIVE_INFINITY, 50],
    ] as const) {
      assert.equal(interval(share, 1_000, remaining), milliseconds, `${remaining} calls`);
    }
  });

  it("hurries if calls remain at the end of that time", () => {
    const share = new FairShare();
    share.plan(0);
    assert.equal(interval(share, 6_000, 8), 500);
    assert.equal(interval(share, 9_000, 8), 125);
    assert.equal(interval(share, 20_000, 8), 125);
    share.plan(20_000);
    assert.equal(interval(share, 20_000, 8), 1000);
  });

  it("raises the rate more with each accepted call in a row, at most twofold", () => {
    const share = new FairShare();
    const rates = Array.from({ length: 15 }, () => {
      const before = share.rate(0, 10);
      share.accepted();
      return Number((share.rate(0, 10) / before).toFixed(3));
    });
    assert.deepEqual([...rates.slice(0, 3), ...rates.slice(-3)], [1.075, 1.15, 1.225, 1.975, 2, 2]);
  });

  it("reduces the rate by a fifth with each throttled call, to no less than one call every 5 s", () => {
    const share = new FairShare();
    share.accepted();
    share.throttled();
    assert.equal(interval(share, 0, 10), Math.round(1000 / (1.075 * 0.8)));
    share.accepted();
    assert.equal(interval(share, 0, 10), Math.round(1000 / (1.075 * 0.8 * 1.075)));
    for (let call = 0; call < 20; call++) {
      share.throttled();
    }
    assert.equal(interval(share, 0, 10), 5000);
  });
});
