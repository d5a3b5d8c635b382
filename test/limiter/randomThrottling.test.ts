import assert from "node:assert/strict";
import { RandomThrottling } from "../../src/limiter/randomThrottling.js";

function end(throttling: RandomThrottling, outcomes: string, paced = true): void {
  for (const outcome of outcomes) {
    throttling.ended(outcome === "x", paced);
  }
}

describe("RandomThrottling", () => {
  it("is detected when as many calls are throttled at half the rate", () => {
    const throttling = new RandomThrottling();
    end(throttling, "..x..x..x..x...x");
    assert.equal(throttling.isRateIndependent(0.51), false);
    assert.equal(throttling.found, false);
    assert.equal(throttling.isRateIndependent(0.5), true);
    assert.equal(throttling.found, true);
  });

  for (const [outcomes, why] of [
    ["x.x.x.x.x.x.x.x", "with fewer than 16 calls to compare"],
    ["xxxxx........x.x", "when fewer are throttled than before"],
    ["...x...x...x...x", "when few are throttled at all"],
  ] as const) {
    it(`is not detected ${why}`, () => {
      const throttling = new RandomThrottling();
      end(throttling, outcomes);
      assert.equal(throttling.isRateIndependent(0.1), false);
    });
  }

  it("ignores calls sent before the rate was reduced", () => {
    const throttling = new RandomThrottling();
    end(throttling, "..x..x..x..x...x", false);
    assert.equal(throttling.isRateIndependent(0.1), false);
  });

  it("lasts while no larger fraction is throttled", () => {
    const throttling = new RandomThrottling();
    end(throttling, "..x..x..x..x...x");
    throttling.isRateIndependent(0.1);
    end(throttling, "..x".repeat(100));
    assert.equal(throttling.found, true);
  });

  it("lasts until the throttled fraction is 1.5 times as large, plus a tenth of the calls", () => {
    const throttling = new RandomThrottling();
    end(throttling, "..x..x..x..x...x");
    throttling.isRateIndependent(0.1);
    end(throttling, "xxxxxxx");
    assert.equal(throttling.found, true);
    end(throttling, "x");
    assert.equal(throttling.found, false);
  });

  it("ends when a larger fraction is throttled, and isn't detected again from the same calls", () => {
    const throttling = new RandomThrottling();
    end(throttling, "..x..x..x..x...x");
    throttling.isRateIndependent(0.1);
    end(throttling, "xxxxxxxxxxxx");
    assert.equal(throttling.found, false);
    assert.equal(throttling.isRateIndependent(0.1), false);
  });

  it("ends when nearly all calls are throttled, even if they were when it was detected", () => {
    const throttling = new RandomThrottling();
    end(throttling, "xxxxxxx.xxxxxxx.");
    throttling.isRateIndependent(0.1);
    end(throttling, "x");
    assert.equal(throttling.found, false);
  });
});
