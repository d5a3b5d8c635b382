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

  it("is the number of calls accepted since the mark, divided by the time", () => {
    const estimate = new RateEstimate();
    send(estimate, 25);
    estimate.mark(1000, 0);
    send(estimate, 10);
    assert.deepEqual(estimate.measure(1500, 0), { rate: 10 / 500, calls: 10 });
  });

  it("doesn't count calls sent later, at either end", () => {
    const estimate = new RateEstimate();
    send(estimate, 25);
    estimate.mark(1000, 3);
    send(estimate, 10);
    assert.deepEqual(estimate.measure(1500, 4), { rate: 9 / 500, calls: 9 });
  });

  it("doesn't count throttled calls, even those sent before the mark", () => {
    const estimate = new RateEstimate();
    send(estimate, 25);
    estimate.mark(1000, 0);
    estimate.throttled(990);
    assert.deepEqual(estimate.measure(1500, 0), { rate: 0.5 / 500, calls: 0 });
    send(estimate, 10);
    estimate.throttled(1400);
    assert.deepEqual(estimate.measure(1500, 0), { rate: 9 / 500, calls: 9 });
  });

  it("removes a throttled call from a mark set when it was sent", () => {
    const estimate = new RateEstimate();
    send(estimate, 25);
    estimate.mark(1000, 0);
    estimate.throttled(1000);
    send(estimate, 10);
    assert.deepEqual(estimate.measure(1500, 0), { rate: 10 / 500, calls: 10 });
  });

  it("is at least half a call, so that calls never stop", () => {
    const estimate = new RateEstimate();
    estimate.mark(0, 0);
    assert.deepEqual(estimate.measure(1000, 0), { rate: 0.5 / 1000, calls: 0 });
  });

  it("uses the longest measurement, within the bounds of newer ones", () => {
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

  it("keeps eight measurements", () => {
    const estimate = new RateEstimate();
    for (let time = 0; time < 20; time++) {
      estimate.mark(time, 0);
    }
    assert.equal(estimate.measures, 8);
  });
});
