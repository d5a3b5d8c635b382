import { context, trace } from "@opentelemetry/api";
import { InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { NodeTracerProvider } from "@opentelemetry/sdk-trace-node";

const exporter = new InMemorySpanExporter();

/** For `beforeEach`: records the spans of this process, as a program does that registers a tracer provider. */
export function recordSpans(): void {
  exporter.reset();
  new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }).register();
}

/** For `afterEach`. */
export function forgetProvider(): void {
  trace.disable();
  context.disable();
}

/** The spans that ended, in that order. */
export function recorded(name?: string): ReadableSpan[] {
  return exporter.getFinishedSpans().filter((span) => name === undefined || span.name === name);
}
