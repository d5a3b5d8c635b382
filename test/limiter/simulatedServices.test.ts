import assert from "node:assert/strict";
import {
  type Answer,
  allBut,
  fixedWindow,
  jitter,
  type Outcome,
  type Service,
  seededRandom,
  simulate,
  slidingWindow,
  tokenBucket,
} from "../../bench/simulatedService.js";
import { RateLimiter } from "../../src/limiter/rateLimiter.js";

const seeds = [1, 2, 3, 4, 5, 6, 7, 8].map((seed) => seed * 7919);

interface Run {
  readonly service: (random: () => number) => Service;
  readonly latency: number;
  readonly jitter?: number;
  readonly calls?: number;
  readonly processes?: number;
  /** The time within which the processes start, in milliseconds. */
  readonly starts?: number;
  readonly together?: boolean;
  /** Whether the first calls take longer because connections are opened. */
  readonly opening?: boolean;
}

/** The first call takes 60 ms longer, the eight after it up to 40 ms, the next sixteen up to 20 ms. */
function openingConnections(latency: () => number, random: () => number): () => number {
  let calls = 0;
  return () => {
    calls++;
    if (calls === 1) {
      return latency() + 60;
    }
    return latency() + random() * (calls <= 9 ? 40 : calls <= 25 ? 20 : 0);
  };
}

/** An outcome with the times at which the first and the last process finished. */
interface Result extends Outcome {
  readonly first: number;
  readonly time: number;
}

/** Runs once for each seed. */
function outcomes(run: Run): Result[] {
  return seeds.map((seed) => {
    const random = seededRandom(seed);
    const startAt = random() * 1000;
    const clients = Array.from({ length: run.processes ?? 1 }, () => ({
      limiter: new RateLimiter(64, random),
      calls: run.calls ?? 100,
      together: run.together ?? false,
      startAt: startAt + (run.starts ?? 0) * random(),
    }));
    const even = jitter(run.latency, run.jitter ?? 0.02, random);
    const latency = run.opening ? openingConnections(even, random) : even;
    const outcome = simulate(run.service(random), latency, clients, startAt);
    const times = outcome.finishedAt.map((time) => time - startAt);
    return { ...outcome, first: Math.min(...times), time: Math.max(...times) };
  });
}

function assertWithin(run: Run, most: { time: number; wasted?: number; attempts?: number }): void {
  for (const { time, wasted, mostAttempts } of outcomes(run)) {
    assert.ok(time <= most.time, `${time.toFixed(0)} ms, at most ${most.time.toFixed(0)}`);
    assert.ok(wasted <= (most.wasted ?? Infinity), `${wasted} calls wasted, at most ${most.wasted}`);
    assert.ok(mostAttempts <= (most.attempts ?? 10), `${mostAttempts} attempts of one call`);
  }
}

/** Asserts that the last process finishes in time, that few calls are throttled, and that no process fails. */
function assertShared(results: readonly Result[], ideal: number, most: number): void {
  const last = median(results.map(({ time }) => time)) / ideal;
  assert.ok(last <= 1.4, `the last one after ${last.toFixed(2)} of the minimum time`);
  const throttled = median(results.map(({ wasted, arrivals }) => wasted / arrivals.length));
  assert.ok(throttled <= most, `${(100 * throttled).toFixed(0)} % throttled`);
  for (const { mostAttempts } of results) {
    assert.ok(mostAttempts <= 10, `${mostAttempts} attempts of one call`);
  }
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;
}

describe("RateLimiter with a simulated service", () => {
  describe("without a limit", () => {
    for (const latency of [10, 50]) {
      it(`finishes 100 calls in 5 round trips of ${latency} ms`, () => {
        const run = { service: () => () => "accepted" as const, latency };
        assertWithin(run, { time: 5 * latency + 10, wasted: 0 });
      });
    }

    it("never exceeds the maximum number of calls in flight", () => {
      const clients = [{ limiter: new RateLimiter(16, seededRandom(1)), calls: 200 }];
      assert.equal(
        simulate(
          () => "accepted",
          () => 20,
          clients,
        ).mostUnderWay,
        16,
      );
    });
  });

  describe("limited to 20 calls a second", () => {
    for (const latency of [10, 50]) {
      for (const burst of [5, 20]) {
        it(`wastes at most 10 in 100 calls: burst ${burst}, ${latency} ms`, () => {
          const ideal = (100 - burst) * 50 + latency;
          const run = { service: () => tokenBucket(20, burst), latency };
          assertWithin(run, { time: 1.17 * ideal, wasted: 10 });
          const typical = median(outcomes(run).map(({ time }) => time));
          assert.ok(typical <= 1.03 * ideal, `${typical} ms, ideal ${ideal}`);
        });
      }

      it(`adapts to a sliding window: ${latency} ms`, () => {
        assertWithin({ service: () => slidingWindow(20), latency }, { time: 1.15 * 5000, wasted: 13 });
      });

      it(`adapts to a fixed window: ${latency} ms`, () => {
        assertWithin({ service: () => fixedWindow(20), latency }, { time: 1.15 * 5000, wasted: 25 });
      });
    }

    for (const latency of [10, 50]) {
      it(`does as well while opening connections: ${latency} ms`, () => {
        for (const burst of [5, 20]) {
          const ideal = (100 - burst) * 50 + latency;
          const run = { service: () => tokenBucket(20, burst), latency, opening: true };
          assertWithin(run, { time: 1.15 * ideal, wasted: 10 });
        }
      });
    }

    it("handles a limit without a burst", () => {
      assertWithin({ service: () => tokenBucket(20, 1), latency: 10 }, { time: 1.3 * 5000, wasted: 13 });
    });

    it("handles 100 calls at once", () => {
      assertWithin(
        { service: () => tokenBucket(20, 5), latency: 50, together: true },
        { time: 1.1 * 4800, wasted: 10 },
      );
    });
  });

  describe("limited to other rates", () => {
    const cases = [
      { perSecond: 1, burst: 5, calls: 20, within: 1.2, wasted: 20 },
      { perSecond: 5, burst: 5, calls: 100, within: 1.1, wasted: 15 },
      { perSecond: 100, burst: 20, calls: 1000, within: 1.1, wasted: 120 },
      { perSecond: 500, burst: 100, calls: 1000, within: 1.5, wasted: 250 },
    ];
    for (const { perSecond, burst, calls, within, wasted } of cases) {
      it(`finds ${perSecond} per second`, () => {
        const ideal = ((calls - burst) / perSecond) * 1000 + 50;
        const run = { service: () => tokenBucket(perSecond, burst), latency: 50, calls };
        assertWithin(run, { time: within * ideal, wasted });
      });
    }

    it("adapts to a limit that halves or doubles", () => {
      for (const after of [10, 40]) {
        const rate = (now: number) => (now < 11_000 ? 20 : after);
        const run = { service: () => tokenBucket(rate, 5), latency: 50, calls: 400 };
        assertWithin(run, { time: 11_000 + (200 / after) * 1000 + 1500, wasted: 40 });
      }
    });
  });

  describe("throttled at any rate", () => {
    for (const retryAfter of [undefined, 1000]) {
      it(`gives one throttled call little weight${retryAfter ? ", but waits as long as requested" : ""}`, () => {
        const answer: Answer = retryAfter === undefined ? "throttled" : { retryAfter };
        const run = { service: () => allBut((number) => number === 4, answer), latency: 50 };
        assertWithin(run, { time: 1_500 + (retryAfter ?? 0), wasted: 1 });
      });
    }

    it("doesn't slow down forever when every third call is throttled", () => {
      const run = { service: () => allBut((number) => number % 3 === 0, "throttled"), latency: 50 };
      const times = outcomes(run).map(({ time }) => time);
      assert.ok(median(times) < 1_700, `${median(times)} ms`);
      assert.ok(Math.max(...times) < 10_000, `${Math.max(...times)} ms`);
    });

    it("doesn't slow down forever when calls are throttled at random", () => {
      const run = {
        service: (random: () => number) => allBut(() => random() < 0.1, "throttled"),
        latency: 50,
      };
      const times = outcomes(run).map(({ time }) => time);
      assert.ok(median(times) < 2_000, `${median(times)} ms`);
    });
  });

  describe("shared by 20 processes of 10 calls", () => {
    const services = [
      { name: "burst 5", service: () => tokenBucket(20, 5), burst: 5, throttled: 0.35 },
      { name: "burst 20", service: () => tokenBucket(20, 20), burst: 20, throttled: 0.35 },
      { name: "a sliding window", service: () => slidingWindow(20), burst: 0, throttled: 0.37 },
      { name: "a fixed window", service: () => fixedWindow(20), burst: 0, throttled: 0.35 },
    ];
    for (const { name, service, burst, throttled } of services) {
      for (const latency of [10, 50]) {
        const run = { service, latency, calls: 10, processes: 20 };
        const ideal = (200 - burst) * 50 + latency;

        it(`serves processes that start together within 1.4 of the minimum time: ${name}, ${latency} ms`, () => {
          const results = outcomes(run);
          assertShared(results, ideal, throttled);
          const first = median(results.map((result) => result.first)) / ideal;
          assert.ok(first >= 0.5, `the first one after ${first.toFixed(2)} of the minimum time`);
        });

        it(`serves processes that start within 2 s as well: ${name}, ${latency} ms`, () => {
          assertShared(outcomes({ ...run, starts: 2_000 }), ideal, throttled);
        });
      }
    }
  });

  describe("that requests a wait", () => {
    it("doesn't count the wait in the measured rate", () => {
      const run: Run = {
        service: () => {
          const bucket = tokenBucket(50, 5);
          return (now) => (bucket(now) === "accepted" ? "accepted" : { retryAfter: 1000 });
        },
        latency: 50,
      };
      assertWithin(run, { time: 6_000, wasted: 12 });
    });

    it("never sends a call too early in a whole list", () => {
      const inner = slidingWindow(20);
      let askedUntil = 0;
      const service: Service = (now) => {
        assert.ok(now >= askedUntil, `a call ${askedUntil - now} ms too early`);
        if (inner(now) === "accepted") {
          return "accepted";
        }
        // Calls already in flight don't count against the client.
        askedUntil = now + 500;
        return { retryAfter: 500 };
      };
      const limiter = new RateLimiter(1, seededRandom(1));
      const { finishedAt } = simulate(service, () => 10, [{ limiter, calls: 60 }]);
      assert.ok(Number(finishedAt[0]) < 5_000);
    });
  });

  it("makes progress when every third call fails", () => {
    const run = { service: () => allBut((number) => number % 3 === 0, "failed"), latency: 50 };
    assertWithin(run, { time: 2_000, wasted: 49 });
  });
});
