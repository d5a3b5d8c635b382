import assert from "node:assert/strict";
import { context, trace } from "@opentelemetry/api";
import { InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { NodeTracerProvider } from "@opentelemetry/sdk-trace-node";

const exporter = new InMemorySpanExporter();

/** A `beforeEach` hook: records the spans of this process, as a program with a tracer provider does. */
export function recordSpans(): void {
  exporter.reset();
  new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }).register();
}

/** An `afterEach` hook. */
export function forgetProvider(): void {
  trace.disable();
  context.disable();
}

/** Returns the ended spans, in order of their end. */
export function recorded(name?: string): ReadableSpan[] {
  return exporter.getFinishedSpans().filter((span) => name === undefined || span.name === name);
}

/** Returns the only ended span. */
export function only(name?: string): ReadableSpan {
  const [span, ...others] = recorded(name);
  assert.ok(span !== undefined && others.length === 0, `${others.length} more spans`);
  return span;
}

/** Returns the ID of a span's parent. */
export function parentOf(span: ReadableSpan): string | undefined {
  return span.parentSpanId;
}
