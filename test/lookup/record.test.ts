import assert from "node:assert/strict";
import type { Emulator } from "../../src/emulator/index.js";
import { instanceLookup } from "../../src/lookup/functions.js";
import { forbidden, throttled, unavailable } from "../helpers/faults.js";
import { failureOf } from "../helpers/lookup.js";
import { closeAll, start } from "../helpers/running.js";

describe("the debug line of a lookup", () => {
  const lines: string[] = [];

  function contextOf(emulator: Emulator) {
    return {
      sources: { config: () => undefined, environment: { ...emulator.environment } },
      warn: assert.fail,
      progress: () => {},
      debug: (line: string) => void lines.push(line),
    };
  }

  beforeEach(() => {
    lines.length = 0;
  });
  afterEach(closeAll);

  /** Returns the lines, with their durations replaced. */
  function written(): string[] {
    return lines.map((line) => line.replaceAll(/\d+(\.\d+)? s\b/g, "# s"));
  }

  it("counts calls and items", async () => {
    const emulator = await start({
      count: 250,
      faults: [
        { ...throttled, calls: [2] },
        { ...unavailable, calls: [4] },
      ],
    });
    await instanceLookup.all("getInstances", {}, contextOf(emulator));
    assert.deepEqual(written(), [
      "OutboundBot: getInstances found 250 instances in # s: 5 calls, 1 throttled, 1 retried, 0 restarts, # s waiting for the rate limiter.",
    ]);
  });

  it("counts the calls of a listing that was abandoned", async () => {
    const emulator = await start({ count: 250, faults: [{ kind: "inserted", calls: [3] }] });
    await instanceLookup.all("getInstances", {}, contextOf(emulator));
    assert.match(written().join(), /: [4-9] calls, 0 throttled, 0 retried, 1 restart, /);
  });

  it("has the code of the error", async () => {
    const emulator = await start({ faults: [forbidden] });
    await failureOf(instanceLookup.one("getInstance", {}, contextOf(emulator)));
    const nowhere = { ...contextOf(emulator), sources: { config: () => "no region", environment: {} } };
    await failureOf(instanceLookup.one("getInstance", {}, nowhere));
    assert.deepEqual(written(), [
      "OutboundBot: getInstance failed (Forbidden.RAM) after # s: 1 call, 0 throttled, 0 retried, 0 restarts, # s waiting for the rate limiter.",
      "OutboundBot: getInstance failed (InvalidEndpoint) after # s: 0 calls, 0 throttled, 0 retried, 0 restarts, # s waiting for the rate limiter.",
    ]);
  });

  it("states that a lookup shared another's calls", async () => {
    const emulator = await start({ count: 5, latency: 20 });
    const context = contextOf(emulator);
    await Promise.all([
      instanceLookup.all("getInstances", {}, context),
      instanceLookup.all("InstanceLookup", {}, context),
    ]);
    assert.deepEqual(written(), [
      "OutboundBot: getInstances found 5 instances in # s: 1 call, 0 throttled, 0 retried, 0 restarts, # s waiting for the rate limiter.",
      "OutboundBot: InstanceLookup found 5 instances in # s: shared the calls of an identical lookup.",
    ]);
  });

  it("of a stream is written when its reader leaves", async () => {
    const emulator = await start({ count: 250 });
    for await (const _ of instanceLookup.pages("listInstances", {}, contextOf(emulator))) {
      break;
    }
    assert.match(written().join(), /^OutboundBot: listInstances found 100 instances in # s: /);
  });
});
