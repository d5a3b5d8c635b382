import assert from "node:assert/strict";
import { type Outcome, RateLimiter } from "../../src/limiter/rateLimiter.js";

/** Sends calls at `now`, and ends them one latency later with these outcomes. */
function round(limiter: RateLimiter, now: number, latency: number, ...outcomes: Outcome[]): number {
  for (const _ of outcomes) {
    assert.equal(limiter.wait(now), 0);
    limiter.sent(now);
  }
  for (const outcome of outcomes) {
    limiter.ended(now + latency, now, outcome);
  }
  return now + latency;
}

/** Returns how many calls may be sent at once. */
function room(limiter: RateLimiter, now: number): number {
  let sent = 0;
  while (limiter.wait(now) === 0) {
    limiter.sent(now);
    sent++;
  }
  return sent;
}

/** Sends a call as early as possible, and ends it 10 ms later; returns when it was sent. */
function send(limiter: RateLimiter, from: number, outcome: Outcome): number {
  const now = from + limiter.wait(from);
  limiter.sent(now);
  limiter.ended(now + 10, now, outcome);
  return now;
}

/** Returns a limiter that measured 20 calls per second until 2000 ms. */
function paced(): RateLimiter {
  const limiter = open();
  send(limiter, 0, "throttled");
  assert.equal(send(limiter, 990, "accepted"), 990);
  let now = 1000;
  for (let call = 0; call < 20; call++) {
    now = 10 + send(limiter, now, "accepted");
  }
  assert.equal(send(limiter, 1990, "throttled"), 1990);
  return limiter;
}

const all = (count: number, outcome: Outcome) => Array.from({ length: count }, () => outcome);
const open = () => new RateLimiter(64, () => 0.5);

describe("RateLimiter", () => {
  it("backs off from a first call that is throttled, for four times as long each time", () => {
    const limiter = open();
    let now = 0;
    const waits = Array.from({ length: 5 }, () => {
      now = round(limiter, now, 20, "throttled");
      const wait = limiter.wait(now);
      now += wait;
      return wait;
    });
    assert.deepEqual(waits, [200, 800, 1800, 1800, 1800]);
  });

  it("backs off for one latency, within bounds, after several calls were accepted", () => {
    for (const [latency, backoff] of [
      [10, 50],
      [70, 70],
      [500, 100],
    ] as const) {
      const limiter = open();
      const now = round(
        limiter,
        round(limiter, 0, latency, ...all(4, "accepted")),
        latency,
        ...all(6, "throttled"),
      );
      assert.equal(limiter.wait(now), backoff);
    }
  });

  it("varies a backoff by a quarter", () => {
    for (const [random, backoff] of [
      [0, 150],
      [1, 250],
    ] as const) {
      const limiter = new RateLimiter(64, () => random);
      assert.equal(limiter.wait(round(limiter, 0, 20, "throttled")), backoff);
    }
  });

  it("doesn't back off if few calls of a round are throttled", () => {
    const limiter = open();
    const now = round(limiter, 0, 20, "accepted", "throttled", "accepted", "accepted");
    assert.equal(room(limiter, now), 4);
  });

  it("sends one call at a time until one is accepted, then starts with the initial window", () => {
    const limiter = open();
    let now = round(limiter, 0, 20, ...all(4, "throttled"));
    now += limiter.wait(now);
    assert.equal(room(limiter, now), 1);
    limiter.ended(now + 20, now, "accepted");
    assert.equal(limiter.wait(now + 20), 0);
    assert.equal(round(limiter, now + 20, 20, "accepted"), now + 40);
  });

  it("spaces calls evenly once it has measured the limit", () => {
    const limiter = paced();
    let now = 4000;
    const times = Array.from({ length: 6 }, () => {
      now = send(limiter, now, "accepted");
      return now;
    });
    // The rate has grown since the measurement, and two late calls are sent at once.
    assert.deepEqual(times.map(Math.round), [4000, 4000, 4000, 4050, 4100, 4149]);
  });

  it("measures again after a single throttled call, and backs off after more of them in a row", () => {
    const limiter = paced();
    send(limiter, 2000, "accepted");
    let now = send(limiter, 2100, "throttled");
    const waits = Array.from({ length: 3 }, () => {
      const wait = limiter.wait(now + 10);
      now = send(limiter, now + 10, "throttled");
      return Math.round(wait);
    });
    assert.deepEqual(waits, [40, 100, 400]);
  });

  it("ignores other throttled calls that were sent before a backoff", () => {
    const limiter = open();
    round(limiter, 0, 10, "accepted");
    for (let call = 0; call < 4; call++) {
      limiter.sent(10);
    }
    limiter.ended(20, 10, "accepted");
    limiter.ended(20, 10, "throttled");
    limiter.ended(20, 10, "throttled");
    limiter.ended(21, 10, "throttled");
    const now = round(limiter, 21 + limiter.wait(21), 10, "throttled");
    const wait = limiter.wait(now);
    limiter.ended(now, 10, "throttled");
    assert.equal(limiter.wait(now), wait);
  });

  it("waits as long as the service requests, for up to a minute", () => {
    for (const [retryAfter, wait] of [
      [5_000, 5_000],
      [3_600_000, 60_000],
    ] as const) {
      const limiter = open();
      limiter.sent(0);
      limiter.sent(0);
      limiter.ended(10, 0, "throttled", retryAfter);
      limiter.ended(10, 0, "accepted");
      assert.equal(limiter.wait(10), wait);
    }
  });

  it("admits the next call after an abandoned one, and learns nothing from it", () => {
    const limiter = open();
    assert.equal(room(limiter, 0), 4);
    limiter.ended(5, 0, "abandoned");
    assert.equal(limiter.wait(8), 0);
    assert.equal(room(limiter, 8), 1);
  });

  it("starts over after a minute without a call", () => {
    const limiter = open();
    const now = round(limiter, 0, 20, ...all(4, "throttled"));
    assert.equal(limiter.wait(now + 59_999), 0);
    assert.equal(room(limiter, now + 60_001), 4);
  });
});
