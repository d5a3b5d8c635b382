import assert from "node:assert/strict";
import { RandomThrottling } from "../../src/limiter/randomThrottling.js";

function end(indifference: RandomThrottling, outcomes: string, paced = true): void {
  for (const outcome of outcomes) {
    indifference.ended(outcome === "x", paced);
  }
}

describe("RandomThrottling", () => {
  it("is found when as many calls are throttled at half the pace", () => {
    const indifference = new RandomThrottling();
    end(indifference, "..x..x..x..x");
    assert.equal(indifference.isRateIndependent(0.51), false);
    assert.equal(indifference.found, false);
    assert.equal(indifference.isRateIndependent(0.5), true);
    assert.equal(indifference.found, true);
  });

  for (const [outcomes, why] of [
    ["x.x.x.x.x.x", "with fewer than twelve calls to compare"],
    ["xxxxx....x.x", "when fewer are throttled than before"],
    ["...x...x...x", "when few are throttled at all"],
  ] as const) {
    it(`is not found ${why}`, () => {
      const indifference = new RandomThrottling();
      end(indifference, outcomes);
      assert.equal(indifference.isRateIndependent(0.1), false);
    });
  }

  it("is not looked for in calls that were sent before the pace was slowed", () => {
    const indifference = new RandomThrottling();
    end(indifference, "..x..x..x..x", false);
    assert.equal(indifference.isRateIndependent(0.1), false);
  });

  it("lasts while no larger part is throttled", () => {
    const indifference = new RandomThrottling();
    end(indifference, "..x..x..x..x");
    indifference.isRateIndependent(0.1);
    end(indifference, "..x".repeat(100));
    assert.equal(indifference.found, true);
  });

  it("lasts until half as large a part again is throttled, and a tenth of the calls more", () => {
    const indifference = new RandomThrottling();
    end(indifference, "..x..x..x..x");
    indifference.isRateIndependent(0.1);
    end(indifference, "xxxxxxx");
    assert.equal(indifference.found, true);
    end(indifference, "x");
    assert.equal(indifference.found, false);
  });

  it("ends when a larger part is throttled, and is not found again from the same calls", () => {
    const indifference = new RandomThrottling();
    end(indifference, "..x..x..x..x");
    indifference.isRateIndependent(0.1);
    end(indifference, "xxxxxxxxxxxx");
    assert.equal(indifference.found, false);
    assert.equal(indifference.isRateIndependent(0.1), false);
  });

  it("ends when nearly all are throttled, even if nearly all were when it was found", () => {
    const indifference = new RandomThrottling();
    end(indifference, "xxxxx.xxxxx.");
    indifference.isRateIndependent(0.1);
    end(indifference, "x");
    assert.equal(indifference.found, false);
  });
});
