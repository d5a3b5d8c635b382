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
