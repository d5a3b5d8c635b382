import assert from "node:assert/strict";
import { seededRandom } from "../../bench/simulatedService.js";
import { CallQueue } from "../../src/limiter/callQueue.js";
import { RateCap } from "../../src/limiter/rateCap.js";
import { instanceLookup } from "../../src/lookup/functions.js";
import { configOf } from "../helpers/client.js";
import { FakeClock, settled } from "../helpers/fakeClock.js";
import { unavailable } from "../helpers/faults.js";
import { closeAll, start } from "../helpers/running.js";

/** Sends and ends a call, and returns the wait of the next one. */
function waitAfter(cap: RateCap, sentAt: number, endedAt: number): number {
  assert.equal(cap.wait(sentAt), 0);
  cap.sent(sentAt);
  cap.ended(endedAt, sentAt);
  return cap.wait(endedAt);
}

/** Returns the maximum number of these times in any period of this length. */
function mostIn(milliseconds: number, times: readonly number[]): number {
  return Math.max(
    ...times.map((start) => times.filter((time) => time >= start && time < start + milliseconds).length),
  );
}

describe("RateCap", () => {
  afterEach(closeAll);

  it("spaces calls evenly, with no burst", () => {
    const cap = new RateCap(20);
    assert.equal(waitAfter(cap, 0, 10), 40);
    assert.equal(cap.wait(49), 1);
    assert.equal(waitAfter(cap, 50, 60), 40);
    // Unused calls don't accumulate.
    assert.equal(waitAfter(cap, 900, 910), 40);
  });

  it("counts a call until a second after its end", () => {
    const cap = new RateCap(2);
    cap.sent(0);
    cap.sent(500);
    assert.equal(cap.wait(1000), Number.POSITIVE_INFINITY);
    cap.ended(1200, 0);
    assert.equal(cap.wait(1200), 1000);
    cap.ended(1300, 500);
    assert.equal(cap.wait(2199), 1);
    assert.equal(cap.wait(2200), 0);
    cap.sent(2200);
    assert.equal(cap.wait(2200), 500);
  });

  it("allows less than one call per second", () => {
    const cap = new RateCap(0.5);
    assert.equal(waitAfter(cap, 0, 30), 2000);
    assert.equal(waitAfter(cap, 2030, 2050), 2000);
  });

  it("allows the next whole number of calls in the time that those take", () => {
    const cap = new RateCap(2.5);
    assert.equal(waitAfter(cap, 0, 10), 390);
    assert.equal(waitAfter(cap, 400, 410), 390);
    assert.equal(waitAfter(cap, 800, 810), 400);
  });

  for (const rate of [1, 3, 20]) {
    it(`holds at the service for any transit time: ${rate} per second`, async () => {
      const clock = new FakeClock();
      const random = seededRandom(rate);
      const queue = new CallQueue({ maxConcurrency: 64, maxRate: rate }, clock, random);
      const arrivals: number[] = [];
      for (let call = 0; call < 5 * rate; call++) {
        void queue.acquire(new AbortController().signal).then(({ release }) => {
          clock.after(random() * (random() < 0.2 ? 1500 : 50), () => {
            arrivals.push(clock.now());
            clock.after(20, () => release("accepted"));
          });
        });
      }
      await clock.pass(60_000);
      assert.equal(arrivals.length, 5 * rate);
      assert.ok(mostIn(1000, arrivals) <= rate, `${mostIn(1000, arrivals)} in a second`);
    });
  }

  it("waits no longer than necessary when calls are fast", async () => {
    const clock = new FakeClock();
    const queue = new CallQueue({ maxConcurrency: 64, maxRate: 20 }, clock, () => 0.5);
    const sent: number[] = [];
    for (let call = 0; call < 41; call++) {
      void queue.acquire(new AbortController().signal).then(({ sentAt, release }) => {
        sent.push(sentAt);
        release("accepted");
      });
    }
    await clock.pass(1_999);
    assert.equal(sent.length, 40);
    await clock.pass(1);
    await settled();
    assert.equal(sent.at(-1), 2_000);
  });

  it("holds for a lookup including its retries, as the service counts calls", async () => {
    const emulator = await start({ count: 30, faults: [{ ...unavailable, every: 4 }] });
    const config: Readonly<Record<string, string>> = { ...configOf(emulator), "outboundbot:maxRate": "20" };
    const sources = { config: (key: string) => config[key], environment: {} };
    const found = await instanceLookup.all(
      "getInstances",
      { pageSize: 1 },
      { sources, warn: assert.fail, progress: () => {} },
    );
    const times = emulator.calls.map(({ time }) => time);
    assert.equal(found.ids.length, 30);
    // 31 pages, of which the last is empty, and a retry of every fourth call.
    assert.equal(times.length, 41);
    assert.ok(mostIn(1000, times) <= 20, `${mostIn(1000, times)} in a second`);
  });
});
