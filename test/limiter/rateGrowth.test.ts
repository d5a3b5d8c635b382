import assert from "node:assert/strict";
import { RateGrowth } from "../../src/limiter/rateGrowth.js";

/** Returns the rate, starting from 1, after this many accepted calls. */
function rateAfter(growth: RateGrowth, calls: number): number {
  for (let call = 0; call < calls; call++) {
    growth.accepted(0);
  }
  return Number(growth.rate(0).toFixed(3));
}

function measured(calls: number): RateGrowth {
  const growth = new RateGrowth();
  growth.fromMeasure(0, 1, calls);
  return growth;
}

describe("RateGrowth", () => {
  it("starts at the given rate", () => {
    const growth = measured(10);
    assert.equal(growth.from, 1);
    assert.equal(growth.rate(0), 1);
  });

  it("grows slowly at first, then linearly above 1.5 times the start", () => {
    const growth = new RateGrowth();
    growth.fromGuess(0, 1, 2);
    assert.deepEqual(
      [5, 3, 2, 10].map((calls) => rateAfter(growth, calls)),
      [1.125, 1.5, 1.6, 2.1],
    );
  });

  it("takes longer the more calls measured it, within bounds", () => {
    assert.equal(rateAfter(measured(0), 8), 1.6);
    assert.equal(rateAfter(measured(1), 8), 1.6);
    assert.equal(rateAfter(measured(8), 32), 1.125);
    assert.equal(rateAfter(measured(8), 64), 1.6);
    assert.equal(rateAfter(measured(1_000), 48), 1.125);
    assert.equal(rateAfter(measured(1_000), 96), 1.6);
  });

  it("takes 5 calls for each backoff before a guess, and 24 if throttling doesn't depend on the rate", () => {
    const guess = new RateGrowth();
    guess.fromGuess(0, 1, 3);
    assert.equal(rateAfter(guess, 15), 1.6);
    const indifferent = new RateGrowth();
    indifferent.fromUnlimited(0, 1);
    assert.equal(rateAfter(indifferent, 24), 1.6);
  });

  it("doubles after 5 s and accelerates, even with few calls", () => {
    const growth = new RateGrowth();
    growth.fromMeasure(1_000, 1, 100);
    assert.deepEqual(
      [1_000, 3_500, 6_000, 11_000].map((now) => growth.rate(now)),
      [1, 1.125, 2, 9],
    );
  });

  it("forgets the accepted calls when it starts again", () => {
    const growth = measured(1);
    rateAfter(growth, 20);
    growth.fromMeasure(0, 3, 1);
    assert.equal(growth.rate(0), 3);
  });

  it("takes the measured limit for the limit if few calls were accepted above it", () => {
    const growth = measured(10);
    rateAfter(growth, 30);
    assert.equal(growth.limit(0, 1), 1);
  });

  it("corrects the measured limit towards the rate reached if many calls were accepted above it", () => {
    const growth = measured(10);
    const reached = rateAfter(growth, 90);
    assert.ok(growth.limit(0, 1) > 1.2 && growth.limit(0, 1) < reached);
    assert.equal(growth.limit(0, 2), 2);
  });
});
