import assert from "node:assert/strict";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { Emulator } from "../../src/emulator/index.js";
import type { LookupReport } from "../../src/index.js";
import { instanceLookup } from "../../src/lookup/instances.js";
import { forbidden, throttled, unavailable } from "../helpers/faults.js";
import { failureOf } from "../helpers/lookup.js";
import { closeAll, start } from "../helpers/running.js";

describe("the report of a lookup", () => {
  const published: unknown[] = [];
  const lines: string[] = [];
  const keep = (report: unknown) => void published.push(report);

  function contextOf(emulator: Emulator) {
    return {
      sources: { config: () => undefined, environment: { ...emulator.environment } },
      warn: assert.fail,
      progress: () => {},
      debug: (line: string) => void lines.push(line),
    };
  }

  beforeEach(() => {
    published.length = 0;
    lines.length = 0;
    subscribe("pulumi-outboundbot:lookup", keep);
  });
  afterEach(async () => {
    unsubscribe("pulumi-outboundbot:lookup", keep);
    await closeAll();
  });

  /** Returns the only report, with its time-dependent figures replaced. */
  function report(): LookupReport {
    const [only, ...others] = published;
    assert.deepEqual(others, []);
    const known: LookupReport = Object(only);
    assert.ok(Number.isInteger(known.elapsed) && Number.isInteger(known.waited));
    assert.ok(known.waited >= 0 && known.waited <= known.elapsed);
    return { ...known, elapsed: 2_000, waited: 1_500 };
  }

  /** Returns the only line, with the same figures replaced. */
  function line(): string {
    assert.equal(lines.length, 1);
    return (lines[0] ?? "").replaceAll(/\d+(\.\d+)? s\b/g, "# s");
  }

  it("counts calls and items, on the channel and as a log line", async () => {
    const emulator = await start({
      count: 250,
      faults: [
        { ...throttled, calls: [2] },
        { ...unavailable, calls: [4] },
      ],
    });
    await instanceLookup.all("getInstances", {}, contextOf(emulator));
    assert.deepEqual(report(), {
      function: "getInstances",
      action: "ListInstances",
      endpoint: emulator.endpoint,
      errorCode: undefined,
      found: 250,
      calls: 5,
      retried: 1,
      throttled: 1,
      restarted: 0,
      waited: 1_500,
      elapsed: 2_000,
      shared: false,
    });
    assert.equal(
      line(),
      "OutboundBot: getInstances found 250 instances in # s: 5 calls, 1 throttled, 1 retried, 0 restarts, # s waiting for the rate limiter.",
    );
  });

  it("counts the calls of a listing that was abandoned", async () => {
    const emulator = await start({ count: 250, faults: [{ kind: "inserted", calls: [3] }] });
    await instanceLookup.all("getInstances", {}, contextOf(emulator));
    const { restarted, calls } = report();
    assert.equal(restarted, 1);
    assert.ok(calls > 3);
    assert.match(line(), /, 1 restart, /);
  });

  it("has the code of the error, and no endpoint before it is known", async () => {
    const emulator = await start({ faults: [forbidden] });
    await failureOf(instanceLookup.one("getInstance", {}, contextOf(emulator)));
    assert.deepEqual([report().errorCode, report().found, report().calls], ["Forbidden.RAM", 0, 1]);
    assert.equal(
      line(),
      "OutboundBot: getInstance failed (Forbidden.RAM) after # s: 1 call, 0 throttled, 0 retried, 0 restarts, # s waiting for the rate limiter.",
    );
    published.length = 0;
    const nowhere = { ...contextOf(emulator), sources: { config: () => "no region", environment: {} } };
    await failureOf(instanceLookup.one("getInstance", {}, nowhere));
    const { endpoint, errorCode, calls } = report();
    assert.deepEqual([endpoint, calls], [undefined, 0]);
    assert.match(errorCode ?? "", /^InvalidEndpoint$/);
  });

  it("states that a lookup shared another's calls", async () => {
    const emulator = await start({ count: 5, latency: 20 });
    const context = contextOf(emulator);
    await Promise.all([
      instanceLookup.all("getInstances", {}, context),
      instanceLookup.all("InstanceLookup", {}, context),
    ]);
    const [first, second]: LookupReport[] = published.map(Object);
    assert.deepEqual([first?.shared, first?.calls, first?.found], [false, 1, 5]);
    assert.deepEqual([second?.shared, second?.calls, second?.found], [true, 0, 5]);
    assert.match(
      lines[1] ?? "",
      /^OutboundBot: InstanceLookup found 5 instances in [\d.]+ s: shared the calls of an identical lookup\.$/,
    );
  });

  it("of a stream is published when its reader leaves or at its end", async () => {
    const emulator = await start({ count: 250 });
    for await (const _ of instanceLookup.stream("listInstances", {}, contextOf(emulator))) {
      break;
    }
    assert.deepEqual(
      [report().function, report().found, report().errorCode],
      ["listInstances", 100, undefined],
    );
  });
});
