import assert from "node:assert/strict";
import { type Attributes, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import type { ReadableSpan } from "@opentelemetry/sdk-trace-base";
import { getInstances, listInstances } from "../../src/index.js";
import { instanceLookup } from "../../src/lookup/instances.js";
import { forbidden } from "../helpers/faults.js";
import { failureOf, startHere } from "../helpers/lookup.js";
import { readDocument } from "../helpers/markdown.js";
import { closeAll } from "../helpers/running.js";
import { forgetProvider, recorded, recordSpans } from "../helpers/spans.js";
import { endAll } from "../helpers/standIn.js";

function only(name: string): ReadableSpan {
  const [span, ...others] = recorded(name);
  assert.ok(span !== undefined && others.length === 0, `${others.length} more spans of ${name}`);
  return span;
}

function isBelow(span: ReadableSpan, parent: ReadableSpan): boolean {
  return span.parentSpanId === parent.spanContext().spanId;
}

describe("spans", () => {
  beforeEach(recordSpans);
  const attributesSeen = new Set<string>();
  afterEach(async () => {
    for (const { attributes, events } of recorded()) {
      for (const set of [attributes, ...events.map((event) => event.attributes ?? {})]) {
        for (const name of Object.keys(set)) {
          attributesSeen.add(name);
        }
      }
    }
    forgetProvider();
    endAll();
    await closeAll();
  });

  it("show a lookup and its calls with page, status and retry", async () => {
    const emulator = await startHere({
      count: 250,
      faults: [
        { kind: "error", code: "Throttling.User", calls: [2] },
        { kind: "error", code: "ServiceUnavailable", calls: [4] },
      ],
    });
    await getInstances();
    const lookup = only("outboundbot.getInstances");
    assert.equal(lookup.kind, SpanKind.INTERNAL);
    const { "outboundbot.waited": waited, ...attributes } = lookup.attributes;
    assert.ok(Number(waited) > 0);
    const server = { "server.address": "127.0.0.1", "server.port": Number(new URL(emulator.endpoint).port) };
    assert.deepEqual(attributes, {
      "outboundbot.action": "ListInstances",
      ...server,
      "outboundbot.found": 250,
      "outboundbot.calls": 5,
      "outboundbot.retried": 1,
      "outboundbot.throttled": 1,
      "outboundbot.restarted": 0,
      "outboundbot.shared": false,
    });
    assert.deepEqual(
      lookup.events.map(({ name }) => name),
      ["outboundbot.connected"],
    );
    const calls = recorded("POST ListInstances");
    assert.equal(calls.length, 5);
    assert.ok(calls.every((call) => isBelow(call, lookup) && call.kind === SpanKind.CLIENT));
    const seen = calls.map(
      ({ attributes: { "outboundbot.waited": _, ...others }, status }): Attributes => ({
        ...others,
        failed: status.code === SpanStatusCode.ERROR,
      }),
    );
    const common = { "http.request.method": "POST", ...server, "outboundbot.page_size": 100 };
    const throttled = seen.find((call) => call["http.response.status_code"] === 400);
    assert.deepEqual(throttled, {
      ...common,
      "outboundbot.page": throttled?.["outboundbot.page"],
      "http.response.status_code": 400,
      "error.type": "Throttling.User",
      "outboundbot.retry": "throttled",
      failed: true,
    });
    const unavailable = seen.find((call) => call["http.response.status_code"] === 503);
    assert.equal(unavailable?.["error.type"], "ServiceUnavailable");
    assert.equal(unavailable?.["outboundbot.retry"], "transient");
    const succeeded = seen.filter(({ failed }) => !failed);
    assert.deepEqual(succeeded.map((call) => call["outboundbot.page"]).sort(), [1, 2, 3]);
    assert.equal(seen.filter((call) => "http.request.resend_count" in call).length, 2);
  });

  it("show each wait for the rate limiter, with its duration", async () => {
    await startHere({ count: 40, rateLimit: 20 });
    await getInstances({ pageSize: 10 });
    const lookup = only("outboundbot.getInstances");
    const waits = recorded("outboundbot.wait");
    assert.ok(waits.length > 0 && waits.every((wait) => isBelow(wait, lookup)));
    const waited = Number(lookup.attributes["outboundbot.waited"]);
    const milliseconds = (lookup.duration[0] * 1e9 + lookup.duration[1]) / 1e6;
    assert.ok(waited > 50 && waited <= milliseconds + 1, `${waited} of ${milliseconds} ms`);
  });

  it("show each restart of a listing", async () => {
    await startHere({ count: 250, faults: [{ kind: "inserted", calls: [2] }] });
    await getInstances();
    const lookup = only("outboundbot.getInstances");
    assert.equal(lookup.attributes["outboundbot.restarted"], 1);
    const restart = lookup.events.find(({ name }) => name === "outboundbot.restarted");
    assert.deepEqual(restart?.attributes, { "outboundbot.listing": 2 });
  });

  it("of a failed lookup have its code and none of its text", async () => {
    await startHere({ faults: [forbidden] });
    await failureOf(getInstances());
    for (const name of ["outboundbot.getInstances", "POST ListInstances"]) {
      const { attributes, status } = only(name);
      assert.equal(attributes["error.type"], "Forbidden.RAM");
      assert.deepEqual(status, { code: SpanStatusCode.ERROR });
    }
    assert.equal(only("POST ListInstances").attributes["outboundbot.retry"], "never");
  });

  it("of a call that times out end at the timeout", async () => {
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
    assert.equal(only("outboundbot.getInstances").attributes["error.type"], "RangeError");
  });

  it("show a stream until its reader leaves it", async () => {
    await startHere({ count: 250 });
    for await (const _ of listInstances()) {
      break;
    }
    const { attributes } = only("outboundbot.listInstances");
    assert.equal(attributes["outboundbot.found"], 100);
    assert.equal("error.type" in attributes, false);
  });

  it("continue the active trace, and mark a lookup that shares another's calls", async () => {
    await startHere({ count: 5, latency: 20 });
    await trace.getTracer("test").startActiveSpan("program", async (span) => {
      await Promise.all([getInstances(), getInstances()]);
      span.end();
    });
    const lookups = recorded("outboundbot.getInstances");
    const program = only("program");
    assert.ok(lookups.every((lookup) => isBelow(lookup, program)));
    assert.deepEqual(lookups.map(({ attributes }) => attributes["outboundbot.shared"]).sort(), [false, true]);
    assert.equal(recorded("POST ListInstances").length, 1);
  });

  it("have the attributes that docs/tracing.md lists, and no others", () => {
    const [, table = ""] = readDocument("docs/tracing.md").split("<!-- attributes -->");
    const listed = table
      .split("\n")
      .flatMap((row) => [...(row.split("|")[1] ?? "").matchAll(/`([^`]+)`/g)].map(([, name]) => name));
    assert.deepEqual([...attributesSeen].sort(), listed.sort());
  });
});
