import assert from "node:assert/strict";
import { RateEstimate } from "../../src/limiter/rateEstimate.js";

function send(estimate: RateEstimate, calls: number): void {
  for (let sent = 0; sent < calls; sent++) {
    estimate.sent();
  }
}

describe("RateEstimate", () => {
  it("knows nothing before the first mark", () => {
    const estimate = new RateEstimate();
    send(estimate, 5);
    assert.equal(estimate.measure(100, 0), undefined);
    estimate.mark(100, 0);
    assert.equal(estimate.measure(100, 0), undefined);
  });

  it("is what was accepted since the mark, in the time since then", () => {
    const estimate = new RateEstimate();
    send(estimate, 25);
    estimate.mark(1000, 0);
    send(estimate, 10);
    assert.deepEqual(estimate.measure(1500, 0), { rate: 10 / 500, calls: 10 });
  });

  it("does not count what was sent later, on either side", () => {
    const estimate = new RateEstimate();
    send(estimate, 25);
    estimate.mark(1000, 3);
    send(estimate, 10);
    assert.deepEqual(estimate.measure(1500, 4), { rate: 9 / 500, calls: 9 });
  });

  it("does not count throttled calls, nor for a mark that was made after they were sent", () => {
    const estimate = new RateEstimate();
    send(estimate, 25);
    estimate.mark(1000, 0);
    estimate.throttled(990);
    assert.deepEqual(estimate.measure(1500, 0), { rate: 0.5 / 500, calls: 0 });
    send(estimate, 10);
    estimate.throttled(1400);
    assert.deepEqual(estimate.measure(1500, 0), { rate: 9 / 500, calls: 9 });
  });

  it("takes a throttled call back from a mark that was made for the moment in which it was sent", () => {
    const estimate = new RateEstimate();
    send(estimate, 25);
    estimate.mark(1000, 0);
    estimate.throttled(1000);
    send(estimate, 10);
    assert.deepEqual(estimate.measure(1500, 0), { rate: 10 / 500, calls: 10 });
  });

  it("is at least half a call, so that it never stops", () => {
    const estimate = new RateEstimate();
    estimate.mark(0, 0);
    assert.deepEqual(estimate.measure(1000, 0), { rate: 0.5 / 1000, calls: 0 });
  });

  it("takes the longest measure, within what each newer one allows", () => {
    const estimate = new RateEstimate();
    estimate.mark(0, 0);
    send(estimate, 100);
    estimate.mark(1000, 0);
    assert.equal(estimate.measures, 2);
    send(estimate, 9);
    assert.deepEqual(estimate.measure(1100, 0), { rate: 109 / 1100, calls: 109 });
    assert.deepEqual(estimate.measure(1500, 0), { rate: 10 / 500, calls: 109 });
    send(estimate, 91);
    assert.deepEqual(estimate.measure(1500, 0), { rate: 99 / 500, calls: 200 });
  });

  it("keeps eight measures", () => {
    const estimate = new RateEstimate();
    for (let time = 0; time < 20; time++) {
      estimate.mark(time, 0);
    }
    assert.equal(estimate.measures, 8);
  });
});
