import assert from "node:assert/strict";
import type { Answer } from "../../bench/simulatedService.js";
import { RateLimiter } from "../../src/limiter/rateLimiter.js";

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
        [20, 0.5, 500],
        [80, 0.5, 125],
        [1000, 0.5, 50],
      ] as const) {
        assert.equal(Math.round(firstThrottled(waiting, random).wait), wait, `${waiting} calls`);
      }
    });

    it("shares the limit when one of the first calls of a short list is throttled", () => {
      const limiter = new RateLimiter(64, () => 0.5);
      round(limiter, 0, 10, all(1));
      assert.equal(limiter.wait(10, 9), 0);
      limiter.sent(10);
      limiter.throttled(20, 10, undefined);
      assert.equal(limiter.wait(20, 9), 1000);
    });

    it("backs off briefly when a later call of a short list, or a long list, is throttled", () => {
      for (const accepted of [0, 2]) {
        const limiter = new RateLimiter(64, () => 0.5);
        round(limiter, 0, 10, all(1));
        const waiting = accepted === 0 ? 99 : 9;
        let now = 10;
        for (let call = 0; call < accepted; call++) {
          assert.equal(limiter.wait(now, waiting), 0);
          limiter.sent(now);
        }
        for (let call = 0; call < accepted; call++) {
          limiter.accepted(20, 10);
          now = 20;
        }
        assert.equal(limiter.wait(now, waiting - accepted), 0);
        limiter.sent(now);
        limiter.throttled(now + 10, now, undefined);
        assert.equal(limiter.wait(now + 10), 50);
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
      assert.deepEqual(waits, [930, 809, 660, 681, 763]);
    });
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
});
