import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { Calls } from "../../src/api/calls.js";
import { CallFailure } from "../../src/api/failure.js";
import { retryOf } from "../../src/errors/codes.js";
import { ConnectionError, ServiceError } from "../../src/errors/errors.js";
import { CallQueue } from "../../src/limiter/callQueue.js";
import { FakeClock, settled } from "../helpers/fakeClock.js";

const call = { action: "ListInstances", endpoint: "https://example.com" };
const never = new AbortController().signal;

function failure(code: string, statusCode: number, retryAfter?: number): CallFailure {
  return new CallFailure({ code, retry: retryOf({ code, statusCode }), retryAfter }, (attempts) => {
    composed++;
    const failed = { ...call, statusCode, requestId: "R-1", retryAfter };
    return new ServiceError(code, `${code}: no`, failed, { attempts });
  });
}

/** The number of errors created with a message. */
let composed = 0;

function open(limits = {}, random = () => 0.5, maxConcurrency = 8) {
  const clock = new FakeClock();
  const queue = new CallQueue({ maxConcurrency }, clock, random);
  const retried: string[] = [];
  const calls = new Calls(
    { queue, clock, random },
    { maxAttempts: 4, callTimeout: 1000, ...limits },
    (kind) => void retried.push(kind),
  );
  /** Makes a call whose attempts end as in `answers`, the last of them repeatedly. */
  const make = (answers: readonly (Error | string)[], signal = never) => {
    const sentAt: number[] = [];
    const made = calls.make(
      call,
      async () => {
        sentAt.push(clock.now());
        const answer = answers[Math.min(sentAt.length, answers.length) - 1];
        if (answer instanceof Error) {
          throw answer;
        }
        return answer;
      },
      signal,
    );
    made.catch(() => undefined);
    return { made, sentAt };
  };
  return { clock, calls, retried, make };
}

describe("Calls", () => {
  it("returns the result of the first attempt without waiting", async () => {
    const { clock, make, retried } = open();
    const { made, sentAt } = make(["page"]);
    assert.equal(await made, "page");
    assert.deepEqual(sentAt, [0]);
    assert.deepEqual(retried, []);
    assert.equal(clock.timers, 0);
  });

  it("retries after a transient failure with increasing delays", async () => {
    const { clock, make, retried } = open();
    const { made, sentAt } = make([
      failure("ServiceUnavailable", 503),
      new ConnectionError("ConnectionReset", "reset", call),
      failure("InternalError", 500),
      "page",
    ]);
    await clock.pass(10_000);
    assert.equal(await made, "page");
    assert.deepEqual(sentAt, [0, 50, 150, 350]);
    assert.deepEqual(retried, ["transient", "transient", "transient"]);
  });

  it("lets the limiter delay a retry after a throttled call", async () => {
    const { clock, make, retried } = open();
    const { made, sentAt } = make([failure("Throttling.User", 400, 700), failure("Throttling", 429), "page"]);
    await clock.pass(10_000);
    assert.equal(await made, "page");
    assert.deepEqual(sentAt, [0, 700, 1500]);
    assert.deepEqual(retried, ["throttled", "throttled"]);
  });

  it("adds no delay of its own", async () => {
    const { clock, make } = open({}, () => 0.9);
    const { made, sentAt } = make([failure("Throttling.User", 400), "page"]);
    await clock.pass(10_000);
    assert.equal(await made, "page");
    assert.deepEqual(sentAt.map(Math.round), [0, 240]);
  });

  it("leaves no listener on the signal", async () => {
    const { clock, make } = open();
    const { signal } = new AbortController();
    const { made } = make([failure("ServiceUnavailable", 503), failure("Throttling", 400), "page"], signal);
    await clock.pass(10_000);
    await made;
    assert.equal(getEventListeners(signal, "abort").length, 0);
  });

  it("delays other calls too when one is throttled", async () => {
    const { clock, make } = open();
    make([failure("Throttling.User", 400, 700), "page"]);
    await settled();
    const other = make(["other"]);
    await clock.pass(699);
    assert.deepEqual(other.sentAt, []);
    await clock.pass(5000);
    assert.equal(await other.made, "other");
  });

  it("doesn't retry a call that the service rejected", async () => {
    const { make, retried } = open();
    const { made, sentAt } = make([failure("Forbidden.RAM", 403)]);
    await assert.rejects(made, { code: "Forbidden.RAM", message: "Forbidden.RAM: no." });
    assert.equal(sentAt.length, 1);
    assert.deepEqual(retried, []);
  });

  it("doesn't retry after a defect of the package", async () => {
    const { make } = open();
    const defect = new TypeError("undefined is not a function");
    const { made, sentAt } = make([defect]);
    await assert.rejects(made, (error) => error === defect);
    assert.equal(sentAt.length, 1);
  });

  it("doesn't count an attempt that was throttled while another call succeeded", async () => {
    const { clock, calls, make } = open({ maxAttempts: 2 });
    const throttled = failure("Throttling.User", 400);
    let tries = 0;
    const made = calls.make(
      call,
      () =>
        new Promise<string>((resolve, reject) => {
          tries++;
          clock.after(10, () => (tries < 3 ? reject(throttled) : resolve("page")));
        }),
      never,
    );
    const other = make(["other"]);
    assert.equal(await other.made, "other");
    await clock.pass(10_000);
    assert.equal(await made, "page");
    assert.equal(tries, 3);
  });

  it("counts an attempt that was throttled while no other call succeeded", async () => {
    const { clock, make } = open({ maxAttempts: 3 });
    const { made, sentAt } = make([failure("Throttling.User", 400)]);
    await clock.pass(10_000);
    await assert.rejects(made, /Gave up after 3 attempts \(/);
    assert.equal(sentAt.length, 3);
  });

  it("counts a failed attempt even if another call succeeded in the meantime", async () => {
    const { clock, calls, make } = open({ maxAttempts: 2 });
    let tries = 0;
    const made = calls.make(
      call,
      () =>
        new Promise<never>((_, reject) => {
          tries++;
          clock.after(10, () => reject(failure("ServiceUnavailable", 503)));
        }),
      never,
    );
    const rejected = assert.rejects(made, /Gave up after 2 attempts \(/);
    await clock.pass(5);
    assert.equal(await make(["other"]).made, "other");
    await clock.pass(10_000);
    await rejected;
    assert.equal(tries, 2);
  });

  it("halves the calls in flight after failures", async () => {
    const { clock, calls } = open();
    const sentAt: number[] = [];
    const made = Array.from({ length: 8 }, () => {
      let tries = 0;
      return calls.make(
        call,
        async () => {
          sentAt.push(clock.now());
          if (++tries === 1) {
            throw failure("ServiceUnavailable", 503);
          }
          await new Promise<void>((resolve) => clock.after(10, resolve));
        },
        never,
      );
    });
    await clock.pass(10_000);
    await Promise.all(made);
    assert.deepEqual(sentAt, [...Array(8).fill(0), ...Array(4).fill(50), ...Array(4).fill(60)]);
  });

  for (const [what, answer] of [
    ["was refused", failure("Forbidden.RAM", 403)],
    ["succeeded", "page"],
  ] as const) {
    it(`admits the next call after one that ${what}`, async () => {
      const { make } = open({}, undefined, 1);
      const first = make([answer]);
      const second = make(["second"]);
      await first.made.catch(() => undefined);
      assert.equal(await second.made, "second");
    });
  }

  it("admits one more call when the service accepts one", async () => {
    const { clock, calls, make } = open({}, undefined, 1);
    const made = calls.make(
      call,
      (_signal, taken) => {
        taken();
        return new Promise((resolve) => clock.after(10, () => resolve("page")));
      },
      never,
    );
    const other = calls.make(
      call,
      () => new Promise((resolve) => clock.after(20, () => resolve("other"))),
      never,
    );
    const last = make(["last"]);
    await clock.pass(10);
    assert.equal(await made, "page");
    assert.deepEqual(last.sentAt, []);
    await clock.pass(10);
    assert.equal(await other, "other");
    assert.equal(await last.made, "last");
  });

  it("fails after the last attempt with count and duration, and creates one error", async () => {
    const { clock, make } = open();
    await clock.pass(1_000);
    composed = 0;
    const { made, sentAt } = make([failure("ServiceUnavailable", 503), failure("InternalError", 500)]);
    await clock.pass(10_000);
    assert.equal(sentAt.length, 4);
    await assert.rejects(made, (error) => {
      assert.ok(ServiceError.isInstance(error));
      assert.equal(error.message, "InternalError: no. Gave up after 4 attempts (0.3 s).");
      assert.equal(composed, 1);
      assert.deepEqual(
        [error.code, error.statusCode, error.requestId, error.action],
        ["InternalError", 500, "R-1", "ListInstances"],
      );
      return true;
    });
    assert.equal(clock.timers, 0);
  });

  it("ends a hanging call at its timeout, even if it ignores its signal, and retries", async () => {
    const { clock, calls } = open({ maxAttempts: 2 });
    const signals: AbortSignal[] = [];
    const made = calls.make(
      call,
      (signal) => {
        signals.push(signal);
        return new Promise<never>(() => undefined);
      },
      never,
    );
    const rejected = assert.rejects(made, (error) => {
      assert.ok(ConnectionError.isInstance(error));
      assert.equal(error.code, "CallTimeout");
      assert.match(
        error.message,
        /no complete response within 1 s \(outboundbot:callTimeout\)\. Gave up after 2 attempts \(2\.\d s\)\. Check/,
      );
      assert.deepEqual([error.action, error.endpoint], ["ListInstances", "https://example.com"]);
      return true;
    });
    await clock.pass(999);
    assert.equal(signals[0]?.aborted, false);
    await clock.pass(1);
    assert.equal(signals[0]?.aborted, true);
    await clock.pass(2000);
    await rejected;
    assert.equal(signals.length, 2);
    assert.notEqual(signals[0], signals[1]);
    assert.equal(clock.timers, 0);
  });

  describe("when its signal is aborted", () => {
    const reason = new Error("the lookup took too long");

    it("stops during an attempt, and admits the next call", async () => {
      const { clock, calls, make } = open({}, undefined, 1);
      const abort = new AbortController();
      let seen: AbortSignal | undefined;
      const made = calls.make(
        call,
        (signal) => {
          seen = signal;
          return new Promise<never>(() => undefined);
        },
        abort.signal,
      );
      const rejected = assert.rejects(made, reason);
      await settled();
      abort.abort(reason);
      await rejected;
      assert.equal(seen?.reason, reason);
      assert.equal(clock.timers, 0);
      assert.equal(getEventListeners(abort.signal, "abort").length, 0);
      assert.equal(await make(["next"]).made, "next");
    });

    it("doesn't report the signal's reason as a failure of the call", async () => {
      const { clock, calls, retried } = open();
      const abort = new AbortController();
      const timedOut = new ConnectionError("CallTimeout", "no time is left", call);
      const made = calls.make(call, () => new Promise<never>(() => undefined), abort.signal);
      const rejected = assert.rejects(made, (error) => error === timedOut);
      await settled();
      abort.abort(timedOut);
      await rejected;
      assert.deepEqual(retried, []);
      assert.equal(clock.timers, 0);
    });

    for (const [where, first] of [
      ["before it retries", failure("InternalError", 500)],
      ["while the limiter backs off", failure("Throttling", 400, 5000)],
    ] as const) {
      it(`stops ${where}`, async () => {
        const { clock, make } = open();
        const abort = new AbortController();
        const { made, sentAt } = make([first, "page"], abort.signal);
        await clock.pass(10);
        assert.equal(clock.timers, 1);
        abort.abort(reason);
        await assert.rejects(made, reason);
        assert.equal(clock.timers, 0);
        assert.equal(getEventListeners(abort.signal, "abort").length, 0);
        await clock.pass(10_000);
        assert.equal(sentAt.length, 1);
      });
    }
  });

  it("shares one retry budget among its calls", async () => {
    const { clock, make } = open({ maxAttempts: 10 });
    const made = Array.from({ length: 50 }, () => make([failure("ServiceUnavailable", 503)]));
    await clock.pass(600_000);
    const tries = made.reduce((sum, { sentAt }) => sum + sentAt.length, 0);
    assert.equal(tries, 50 + 100);
    for (const { made: one } of made) {
      await assert.rejects(one, /after \d+ attempts/);
    }
    assert.equal(clock.timers, 0);
  });
});
