import assert from "node:assert/strict";
import {
  allBut,
  type Result,
  type Scenario,
  type Service,
  simulate,
  slidingWindow,
  tokenBucket,
} from "../../bench/simulatedService.js";

const seeds = Array.from({ length: 20 }, (_, index) => index + 1);

function results(scenario: Scenario): Result[] {
  return seeds.map((seed) => simulate(scenario, seed));
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;
}

const throttledPart = ({ throttled, attempts }: Result) => throttled / attempts;

/** Asserts bounds of the time and of the throttled part of the attempts, in the worst run. */
function assertWithin(scenario: Scenario, time: number, throttled: number): void {
  for (const result of results(scenario)) {
    assert.ok(result.last <= time, `${result.last.toFixed(0)} ms, at most ${time.toFixed(0)}`);
    const part = throttledPart(result);
    assert.ok(part <= throttled, `${(100 * part).toFixed(1)} % throttled, at most ${100 * throttled} %`);
    assert.ok(result.mostAttempts < 10, `${result.mostAttempts} attempts of one call`);
  }
}

describe("RateLimiter with a simulated service", () => {
  describe("without a limit", () => {
    for (const latency of [10, 50, 300]) {
      it(`finishes 100 calls in 6.2 round trips of ${latency} ms`, () => {
        assertWithin({ service: () => () => "accepted", latency }, 6.2 * latency, 0);
      });

      it(`finishes 10 calls in 3.1 round trips of ${latency} ms`, () => {
        assertWithin({ service: () => () => "accepted", latency, calls: 10 }, 3.1 * latency, 0);
      });
    }

    it("never exceeds the maximum number of calls in flight", () => {
      const scenario: Scenario = {
        service: () => () => "accepted",
        latency: 20,
        calls: 200,
        maxConcurrency: 16,
      };
      assert.equal(simulate(scenario, 1).mostInFlight, 16);
    });
  });

  describe("limited to 20 calls per second", () => {
    for (const latency of [10, 50]) {
      for (const burst of [2, 5, 8, 10, 20]) {
        it(`takes at most 1.1 times as long as necessary: burst ${burst}, ${latency} ms`, () => {
          const ideal = (100 - burst) * 50 + latency;
          const scenario = { service: () => tokenBucket(20, burst), latency };
          assertWithin(scenario, 1.1 * ideal, 0.14);
          const throttled = median(results(scenario).map(throttledPart));
          assert.ok(throttled <= 0.12, `${(100 * throttled).toFixed(1)} % throttled`);
        });
      }
    }

    it("takes at most 1.35 times as long as necessary without a burst", () => {
      assertWithin({ service: () => tokenBucket(20, 1), latency: 10 }, 1.35 * 5000, 0.12);
    });

    it("also handles latencies that vary by 30 %", () => {
      assertWithin({ service: () => tokenBucket(20, 5), latency: 50, jitter: 0.3 }, 1.1 * 4800, 0.16);
    });
  });

  describe("limited to other rates", () => {
    for (const { perSecond, burst, calls, within, throttled } of [
      { perSecond: 1, burst: 5, calls: 100, within: 1.1, throttled: 0.26 },
      { perSecond: 5, burst: 5, calls: 100, within: 1.15, throttled: 0.16 },
      { perSecond: 50, burst: 50, calls: 100, within: 1.25, throttled: 0.2 },
      { perSecond: 100, burst: 20, calls: 1000, within: 1.1, throttled: 0.1 },
      { perSecond: 500, burst: 100, calls: 1000, within: 1.9, throttled: 0.1 },
    ]) {
      it(`finds ${perSecond} per second`, () => {
        const ideal = ((calls - burst) / perSecond) * 1000 + 50;
        const scenario = { service: () => tokenBucket(perSecond, burst), latency: 50, calls };
        assertWithin(scenario, within * ideal, throttled);
      });
    }

    for (const after of [10, 40]) {
      it(`follows a limit that changes from 20 to ${after}`, () => {
        const rate = (now: number) => (now < 11_000 ? 20 : after);
        const scenario = { service: () => tokenBucket(rate, 5), latency: 50, calls: 400 };
        assertWithin(scenario, 11_000 + (200 / after) * 1000 + 2500, 0.1);
      });
    }
  });

  describe("shared by 20 processes of 10 calls, limited to 20 calls per second", () => {
    for (const latency of [10, 50]) {
      for (const burst of [5, 20]) {
        for (const starts of [0, 2_000]) {
          it(`finishes within 1.7 of the ideal time: burst ${burst}, ${latency} ms, started within ${starts} ms`, () => {
            const scenario = {
              service: () => tokenBucket(20, burst),
              latency,
              calls: 10,
              processes: 20,
              starts,
            };
            const ideal = (200 - burst) * 50 + latency;
            assertWithin(scenario, 1.7 * ideal, 0.51);
            const throttled = median(results(scenario).map(throttledPart));
            assert.ok(throttled <= 0.49, `${(100 * throttled).toFixed(1)} % throttled`);
          });
        }
      }
    }
  });

  describe("throttled at random", () => {
    for (const latency of [50, 100]) {
      it(`takes at most 3 times as long as without, if 10 % are throttled: ${latency} ms`, () => {
        const random = (random: () => number) => allBut(() => random() < 0.1, "throttled");
        const times = results({ service: random, latency }).map(({ last }) => last);
        const without = simulate({ service: () => () => "accepted", latency }, 1).last;
        assert.ok(median(times) <= 2.5 * without, `${median(times)} instead of ${without} ms`);
        const mean = times.reduce((sum, time) => sum + time, 0) / times.length;
        assert.ok(mean <= 3 * without, `${mean} instead of ${without} ms on average`);
      });
    }

    it("gives one throttled call little weight", () => {
      assertWithin({ service: () => allBut((number) => number === 4, "throttled"), latency: 50 }, 450, 0.01);
    });
  });

  describe("that requests a wait", () => {
    it("waits as long as requested, and no longer", () => {
      const service = () => allBut((number) => number === 4, { retryAfter: 1000 });
      assertWithin({ service, latency: 50 }, 1_500, 0.01);
    });

    it("never sends a call too early", () => {
      const inner = slidingWindow(20);
      let askedUntil = 0;
      const service: Service = (now) => {
        assert.ok(now >= askedUntil, `a call ${askedUntil - now} ms too early`);
        if (inner(now) === "accepted") {
          return "accepted";
        }
        askedUntil = now + 500;
        return { retryAfter: 500 };
      };
      const { last } = simulate({ service: () => service, latency: 10, calls: 60, maxConcurrency: 1 }, 1);
      assert.ok(last < 10_000, `${last} ms`);
    });
  });

  it("makes progress when every third call fails", () => {
    const service = () => allBut((number) => number % 3 === 0, "failed");
    assertWithin({ service, latency: 50 }, 2_200, 0);
  });
});
