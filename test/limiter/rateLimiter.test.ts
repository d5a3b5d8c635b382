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

/** Runs once for each seed, and returns the outcomes with their times. */
function outcomes(run: Run): (Outcome & { readonly time: number })[] {
  return seeds.map((seed) => {
    const random = seededRandom(seed);
    const startAt = random() * 1000;
    const clients = Array.from({ length: run.processes ?? 1 }, () => ({
      limiter: new RateLimiter(64, random),
      calls: run.calls ?? 100,
      together: run.together ?? false,
    }));
    const even = jitter(run.latency, run.jitter ?? 0.02, random);
    const latency = run.opening ? openingConnections(even, random) : even;
    const outcome = simulate(run.service(random), latency, clients, startAt);
    return { ...outcome, time: Math.max(...outcome.finishedAt) - startAt };
  });
}

function assertWithin(run: Run, most: { time: number; wasted?: number; tries?: number }): void {
  for (const { time, wasted, mostTries } of outcomes(run)) {
    assert.ok(time <= most.time, `${time.toFixed(0)} ms, at most ${most.time.toFixed(0)}`);
    assert.ok(wasted <= (most.wasted ?? Infinity), `${wasted} calls wasted, at most ${most.wasted}`);
    assert.ok(mostTries <= (most.tries ?? 10), `one call was tried ${mostTries} times`);
  }
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;
}

/** Sends calls at `now`, and ends them one latency later with these responses. */
function round(limiter: RateLimiter, now: number, latency: number, answers: readonly Answer[]): number {
  for (const _ of answers) {
    assert.equal(limiter.wait(now), 0);
    limiter.sent(now);
  }
  const end = now + latency;
  for (const answer of answers) {
    if (answer === "accepted") {
      limiter.accepted(end, now);
    } else if (answer === "failed") {
      limiter.failed(end, now);
    } else {
      limiter.throttled(end, now, answer === "throttled" ? undefined : answer.retryAfter);
    }
  }
  return end;
}

/** Returns how many calls may be sent at once. */
function room(limiter: RateLimiter, now: number, most = 100): number {
  let sent = 0;
  while (sent < most && limiter.wait(now) === 0) {
    limiter.sent(now);
    sent++;
  }
  return sent;
}

/** Returns a limiter with average backoffs, whose first round was accepted within 10 ms. */
function keptUp(startedAt = -10): RateLimiter {
  const limiter = new RateLimiter(64, () => 0.5);
  round(limiter, startedAt, 10, all(6));
  return limiter;
}

/** Returns the same limiter with calls in flight that were sent at these times. */
function underWay(sentAt: readonly number[], startedAt?: number): RateLimiter {
  const limiter = keptUp(startedAt);
  for (const now of sentAt) {
    assert.equal(limiter.wait(now), 0);
    limiter.sent(now);
  }
  return limiter;
}

function accept(limiter: RateLimiter, now: number, sentAt: readonly number[]): void {
  for (const sent of sentAt) {
    limiter.accepted(now, sent);
  }
}

const all = (count: number, answer: Answer = "accepted") => Array.from({ length: count }, () => answer);

describe("RateLimiter", () => {
  describe("while the service keeps up", () => {
    it("triples, then doubles the calls in flight each round trip, from 6 to the maximum", () => {
      const limiter = new RateLimiter(50);
      let now = round(limiter, 0, 10, all(1));
      for (const size of [6, 18, 36, 50]) {
        now = round(limiter, now, 10, all(size));
      }
      assert.equal(room(limiter, now), 50);
    });

    it("doesn't grow an unused window", () => {
      const limiter = new RateLimiter(64);
      let now = 0;
      for (let calls = 0; calls < 20; calls++) {
        now = round(limiter, now, 10, all(1));
      }
      assert.equal(room(limiter, now), 6);
    });

    it("respects a smaller maximum from the start", () => {
      assert.equal(room(new RateLimiter(3), 0), 3);
    });

    it("waits briefly for the other responses of a round", () => {
      const limiter = new RateLimiter(64);
      room(limiter, 0);
      limiter.accepted(50, 0);
      assert.equal(limiter.wait(50), 25);
      assert.equal(limiter.wait(75), 0);
    });

    for (const latency of [10, 50]) {
      it(`finishes 100 calls in 5 round trips of ${latency} ms`, () => {
        const run = { service: () => () => "accepted" as const, latency };
        assertWithin(run, { time: 5 * latency + 10, wasted: 0 });
      });
    }
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
      assertWithin({ service: () => tokenBucket(20, 1), latency: 10 }, { time: 1.42 * 5000, wasted: 13 });
    });

    it("handles 100 calls at once", () => {
      assertWithin(
        { service: () => tokenBucket(20, 5), latency: 50, together: true },
        { time: 1.1 * 4800, wasted: 10 },
      );
    });

    for (const latency of [10, 50]) {
      it(`lets 20 processes share it, with at most 9 attempts per call: ${latency} ms`, () => {
        const run = { service: () => tokenBucket(20, 5), latency, calls: 10, processes: 20 };
        assertWithin(run, { time: 22_000, wasted: 200, tries: 9 });
      });
    }
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
        assertWithin(run, { time: 11_000 + (200 / after) * 1000 + 1500, wasted: 100 });
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
      assert.ok(median(times) < 1_500, `${median(times)} ms`);
      assert.ok(Math.max(...times) < 10_000, `${Math.max(...times)} ms`);
    });

    it("doesn't slow down forever when calls are throttled at random", () => {
      const run = {
        service: (random: () => number) => allBut(() => random() < 0.1, "throttled"),
        latency: 50,
      };
      const times = outcomes(run).map(({ time }) => time);
      assert.ok(median(times) < 6_000, `${median(times)} ms`);
    });
  });

  describe("throttled in the first round", () => {
    it("backs off once for the very first call and those sent right after it", () => {
      const limiter = underWay([0, 1, 2, 3, 4, 5, 6, 7]);
      for (const sentAt of [0, 1, 2, 3, 4, 5, 6, 7]) {
        limiter.throttled(10, sentAt, undefined);
      }
      assert.equal(limiter.wait(10), 50);
    });

    it("still waits as long as requested", () => {
      const limiter = underWay([0, 1, 2, 3, 4, 5, 6, 7]);
      limiter.throttled(10, 0, 500);
      limiter.throttled(10, 7, 100);
      accept(limiter, 11, [1, 2, 3, 4, 5, 6]);
      assert.equal(limiter.wait(11), 499);
      assert.equal(room(limiter, 510), 1);
    });

    it("does not count a call that was sent after a backoff", () => {
      const limiter = underWay([0, 1, 2, 3, 4, 5, 6, 7]);
      for (const sentAt of [0, 5, 6, 7]) {
        limiter.throttled(10, sentAt, undefined);
      }
      accept(limiter, 11, [1, 2, 3, 4]);
      const now = 11 + limiter.wait(11);
      limiter.sent(now);
      accept(limiter, now + 10, [now]);
      let sent = 0;
      for (let at = now + 10; limiter.wait(at) < 1000; at += limiter.wait(at)) {
        limiter.sent(at);
        sent++;
      }
      assert.equal(sent, 2);
    });

    it("doesn't end the backoff for a call sent at the same time as a throttled one", () => {
      const limiter = underWay(Array(8).fill(0));
      limiter.throttled(10, 0, undefined);
      accept(limiter, 11, Array(7).fill(0));
      assert.equal(limiter.wait(11), 49);
      assert.equal(room(limiter, 60), 1);
    });

    it("guesses the limit from accepted calls, not from calls in flight", () => {
      const limiter = underWay([0, 100, 110, 120, 130, 140, 150, 160], -200);
      limiter.throttled(170, 0, undefined);
      limiter.accepted(171, 100);
      for (const sentAt of [110, 120, 130, 140, 150, 160]) {
        limiter.abandoned(172, sentAt);
      }
      assert.equal(limiter.wait(172), 170 + 100 - 172);
      limiter.sent(270);
      assert.equal(Math.round(limiter.wait(270)), 86);
    });

    it("restarts growth from the current rate when an earlier call was throttled", () => {
      const limiter = underWay([0, 100, 200, 300, 400, 500, 600, 700], -200);
      limiter.throttled(710, 0, undefined);
      accept(limiter, 711, [300, 400]);
      limiter.throttled(712, 200, undefined);
      limiter.abandoned(712, 100);
      accept(limiter, 713, [500, 600, 700]);
      assert.equal(limiter.wait(713), 710 + 100 - 713);
      limiter.sent(810);
      assert.equal(Math.round(limiter.wait(810)), 91);
    });
  });

  describe("when other processes use the limit", () => {
    /** Throttles the first call of a process with this many waiting calls, and returns its wait. */
    const firstThrottled = (waiting: number, random: number) => {
      const limiter = new RateLimiter(64, () => random);
      assert.equal(limiter.wait(0, waiting), 0);
      limiter.sent(0);
      limiter.throttled(10, 0, undefined);
      return { limiter, wait: limiter.wait(10, waiting) };
    };

    it("waits up to 1.5 s after a throttled first call, less with more waiting calls", () => {
      for (const [waiting, random, wait] of [
        [1, 0, 500],
        [1, 0.5, 1000],
        [1, 1, 1500],
        [8, 0.5, 1000],
        [10, 0.5, 800],
        [80, 0.5, 100],
        [1000, 0.5, 50],
      ] as const) {
        assert.equal(Math.round(firstThrottled(waiting, random).wait), wait, `${waiting} calls`);
      }
    });

    it("sends no burst once a call is accepted", () => {
      const { limiter } = firstThrottled(1, 0.5);
      limiter.sent(1010);
      limiter.accepted(1020, 1010);
      assert.ok(limiter.wait(1020, 9) > 500);
    });

    it("speeds up with each accepted call in a row, and slows down with each throttled one", () => {
      const { limiter } = firstThrottled(8, 0.5);
      const waits: number[] = [];
      let now = 10 + limiter.wait(10, 8);
      for (const answer of ["accepted", "accepted", "accepted", "throttled", "throttled"] as const) {
        const sentAt = now;
        limiter.sent(sentAt);
        if (answer === "accepted") {
          limiter.accepted(sentAt, sentAt);
        } else {
          limiter.throttled(sentAt, sentAt, undefined);
        }
        const wait = limiter.wait(now, 8);
        waits.push(Math.round(wait));
        now += wait;
      }
      assert.deepEqual(waits, [893, 725, 495, 619, 774]);
    });

    for (const { burst, latency } of [
      { burst: 5, latency: 10 },
      { burst: 5, latency: 50 },
      { burst: 20, latency: 50 },
    ]) {
      it(`shares among 20 processes that start within 2 s: burst ${burst}, ${latency} ms`, () => {
        const results = seeds.map((seed) => {
          const random = seededRandom(seed);
          const clients = Array.from({ length: 20 }, () => ({
            limiter: new RateLimiter(64, random),
            calls: 10,
            startAt: 2000 * random(),
          }));
          const { finishedAt, wasted } = simulate(
            tokenBucket(20, burst),
            jitter(latency, 0.02, random),
            clients,
          );
          return { last: Math.max(...finishedAt), throttled: wasted / (200 + wasted) };
        });
        const ideal = (200 - burst) * 50 + latency;
        const last = median(results.map((result) => result.last)) / ideal;
        const throttled = median(results.map((result) => result.throttled));
        assert.ok(last <= 1.4, `the last one after ${last.toFixed(2)} of the ideal time`);
        assert.ok(throttled <= 0.38, `${(100 * throttled).toFixed(0)} % throttled`);
      });
    }
  });

  describe("when the service requests a wait", () => {
    it("sends nothing before its end", () => {
      const limiter = keptUp();
      const now = round(limiter, 0, 10, [...all(7), { retryAfter: 3000 }]);
      assert.equal(limiter.wait(now), 3000);
      assert.equal(limiter.wait(now + 2999), 1);
      assert.equal(limiter.wait(now + 3000), 0);
    });

    it("keeps waiting while calls in flight are accepted", () => {
      const limiter = new RateLimiter(64);
      room(limiter, 0);
      limiter.throttled(10, 0, 3000);
      for (let calls = 0; calls < 7; calls++) {
        limiter.accepted(11, 0);
      }
      assert.equal(limiter.wait(11), 2999);
    });

    it("uses the longest of several", () => {
      const limiter = new RateLimiter(64);
      round(limiter, 0, 10, [{ retryAfter: 5000 }, { retryAfter: 100 }]);
      assert.equal(limiter.wait(10), 5000);
    });

    it("waits at most a minute", () => {
      const limiter = new RateLimiter(64);
      round(limiter, 0, 10, [{ retryAfter: 3_600_000 }]);
      assert.equal(limiter.wait(10), 60_000);
    });

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

  describe("when calls fail", () => {
    it("halves the window once per round trip, down to 4, and grows it again", () => {
      const limiter = new RateLimiter(64);
      let now = round(limiter, 0, 10, all(6));
      now = round(limiter, now, 10, all(18, "failed"));
      now = round(limiter, now, 10, all(9, "failed"));
      now = round(limiter, now, 10, all(4, "failed"));
      now = round(limiter, now, 10, all(4));
      assert.equal(room(limiter, now), 12);
    });

    it("makes progress when every third call fails", () => {
      const run = { service: () => allBut((number) => number % 3 === 0, "failed"), latency: 50 };
      assertWithin(run, { time: 2_000, wasted: 49 });
    });
  });

  it("backs off twice as long each time, one call at a time, while nothing is accepted", () => {
    const limiter = keptUp();
    let now = round(limiter, 0, 10, all(8, "throttled"));
    for (const rest of [50, 100]) {
      assert.equal(limiter.wait(now), rest);
      limiter.sent(now + rest);
      assert.equal(limiter.wait(now + rest), Number.POSITIVE_INFINITY);
      now += rest + 10;
      limiter.throttled(now, now - 10, undefined);
    }
    // Waits to the end of the second that began with the first call, plus jitter.
    assert.equal(Math.round(limiter.wait(now)), 1050 - 10 - now);
  });

  it("ends the third backoff at the full second only if that is long enough", () => {
    for (const [third, wait] of [
      [810, 1040 - 820],
      [879, 1040 - 889],
      [880, 200],
    ] as const) {
      const limiter = keptUp();
      for (const now of [0, 700, third]) {
        round(limiter, now, 10, all(1, "throttled"));
      }
      assert.equal(limiter.wait(third + 10), wait);
    }
  });

  it("resets its estimates after a minute without a call, not before", () => {
    const limiter = keptUp();
    const now = round(limiter, 0, 10, all(8, "throttled"));
    assert.equal(room(limiter, now + 60_000), 1);
    limiter.abandoned(now + 60_000, now + 60_000);
    assert.equal(room(limiter, now + 120_001), 6);
  });

  it("resets nothing while a call is in flight", () => {
    const limiter = new RateLimiter(64);
    room(limiter, 0);
    assert.equal(limiter.wait(70_000), Number.POSITIVE_INFINITY);
  });

  it("starts with two calls at once after a backoff, at any rate", () => {
    const limiter = new RateLimiter(64, () => 0.5);
    let now = round(limiter, 0, 10, [...all(6)]);
    now = round(limiter, now, 10, all(18));
    now = round(limiter, now, 10, all(8, "throttled"));
    now = round(limiter, now + limiter.wait(now), 10, all(1));
    let sent = 0;
    for (let wait = limiter.wait(now); wait < 1000; wait = limiter.wait(now)) {
      now += wait;
      limiter.sent(now);
      sent++;
    }
    assert.equal(sent, 2);
  });

  it("learns nothing from an abandoned call", () => {
    const limiter = new RateLimiter(64);
    assert.equal(room(limiter, 0), 6);
    limiter.abandoned(5, 0);
    assert.equal(room(limiter, 5), 1);
  });

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
