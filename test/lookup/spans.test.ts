import assert from "node:assert/strict";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { getInstances, listInstances } from "../../src/index.js";
import { instanceLookup } from "../../src/lookup/functions.js";
import { forbidden, throttled, unavailable } from "../helpers/faults.js";
import { failureOf, startHere } from "../helpers/lookup.js";
import { readDocument } from "../helpers/markdown.js";
import { closeAll } from "../helpers/running.js";
import { forgetProvider, only, parentOf, recorded, recordSpans } from "../helpers/spans.js";

describe("the span of a lookup", () => {
  const attributesSeen = new Set<string>();
  beforeEach(recordSpans);
  afterEach(async () => {
    for (const { attributes } of recorded()) {
      for (const name of Object.keys(attributes)) {
        attributesSeen.add(name);
      }
    }
    forgetProvider();
    await closeAll();
  });

  it("is the only one, and has the counts", async () => {
    await startHere({
      count: 250,
      faults: [
        { ...throttled, calls: [2] },
        { ...unavailable, calls: [4] },
      ],
    });
    await getInstances({ tags: {} });
    const { name, kind, events, attributes } = only();
    const { "outboundbot.waited": waited, ...counts } = attributes;
    assert.deepEqual([name, kind, events], ["outboundbot.getInstances", SpanKind.INTERNAL, []]);
    assert.ok(Number.isInteger(waited) && Number(waited) > 0);
    assert.deepEqual(counts, {
      "outboundbot.found": 250,
      "outboundbot.calls": 5,
      "outboundbot.retried": 1,
      "outboundbot.throttled": 1,
      "outboundbot.restarted": 0,
      "outboundbot.shared": false,
    });
  });

  it("counts restarts, and the wait for the rate limiter as long as any call waits", async () => {
    await startHere({
      count: 40,
      rateLimit: 20,
      rateLimitBurst: 1,
      faults: [{ kind: "inserted", calls: [2] }],
    });
    await getInstances({ pageSize: 10 });
    const { attributes, duration } = only();
    assert.equal(attributes["outboundbot.restarted"], 1);
    const waited = Number(attributes["outboundbot.waited"]);
    const milliseconds = (duration[0] * 1e9 + duration[1]) / 1e6;
    assert.ok(waited > 50 && waited <= milliseconds + 1, `${waited} of ${milliseconds} ms`);
  });

  it("of a failed lookup has its code and none of its text", async () => {
    await startHere({ faults: [forbidden] });
    await failureOf(getInstances());
    const { attributes, status, events } = only();
    assert.equal(attributes["error.type"], "Forbidden.RAM");
    assert.deepEqual([status, events], [{ code: SpanStatusCode.ERROR }, []]);
  });

  it("of a cancelled lookup has the name of the reason", async () => {
    await startHere({ faults: [{ kind: "hang" }] });
    const abort = new AbortController();
    const context = {
      sources: { config: () => undefined, environment: process.env },
      warn: assert.fail,
      progress: () => {},
      signal: abort.signal,
    };
    const failed = failureOf(instanceLookup.all("getInstances", {}, context));
    setImmediate(() => abort.abort(new RangeError("enough")));
    await failed;
    assert.equal(only().attributes["error.type"], "RangeError");
  });

  it("of a stream ends when its reader leaves it", async () => {
    await startHere({ count: 250 });
    for await (const _ of listInstances()) {
      break;
    }
    const { name, attributes } = only();
    assert.deepEqual([name, attributes["outboundbot.found"]], ["outboundbot.listInstances", 100]);
    assert.equal("error.type" in attributes, false);
  });

  it("continues the active trace, and marks a lookup that shares another's calls", async () => {
    await startHere({ count: 5, latency: 20 });
    await trace.getTracer("test").startActiveSpan("program", async (span) => {
      await Promise.all([getInstances(), getInstances()]);
      span.end();
    });
    const lookups = recorded("outboundbot.getInstances");
    const program = only("program").spanContext().spanId;
    assert.deepEqual(lookups.map(parentOf), [program, program]);
    assert.deepEqual(lookups.map(({ attributes }) => attributes["outboundbot.shared"]).sort(), [false, true]);
  });

  it("is the parent of the spans of an HTTP instrumentation, also in a stream", async () => {
    // An instrumentation starts a span in the context in which a request starts.
    const instrument = () => trace.getTracer("http").startSpan("POST").end();
    subscribe("http.client.request.start", instrument);
    try {
      await startHere({ count: 250 });
      await getInstances();
      for await (const _ of listInstances()) {
        // Each page is read while the loop runs.
      }
    } finally {
      unsubscribe("http.client.request.start", instrument);
    }
    for (const name of ["outboundbot.getInstances", "outboundbot.listInstances"]) {
      const lookup = only(name).spanContext().spanId;
      assert.equal(recorded("POST").filter((request) => parentOf(request) === lookup).length, 3, name);
    }
  });

  it("has the attributes that docs/tracing.md lists, and no others", () => {
    const [, table = ""] = readDocument("docs/tracing.md").split("<!-- attributes -->");
    const listed = table
      .split("\n")
      .flatMap((row) => [...(row.split("|")[1] ?? "").matchAll(/`([^`]+)`/g)].map(([, name]) => name));
    assert.deepEqual([...attributesSeen].sort(), listed.sort());
  });
});
