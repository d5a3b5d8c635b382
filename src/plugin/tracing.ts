import { createRequire } from "node:module";
import type { Metadata } from "@grpc/grpc-js";
import type { Resource } from "@opentelemetry/resources";
import { packageVersion } from "../common/version.js";

type Work<Result> = () => Result | Promise<Result>;

/** Runs one call of the engine within the engine's trace. */
type InEngineTrace = <Result>(metadata: Metadata, work: Work<Result>) => Promise<Result>;

/** The timeout of exporting spans to the collector, in milliseconds. */
const exportTimeout = 2_000;

let opened: InEngineTrace | undefined;

/** Runs a call within the engine's trace if the engine collects traces (`--otel-traces`); otherwise just runs it. */
export async function inEngineTrace<Result>(metadata: Metadata, work: Work<Result>): Promise<Result> {
  const endpoint = process.env.PULUMI_OTEL_EXPORTER_OTLP_ENDPOINT ?? "";
  // The engine passes a host and port of this machine.
  const url = endpoint.includes("://") ? endpoint : `http://${endpoint}`;
  if (!URL.canParse(url)) {
    return work();
  }
  opened ??= openExport(url);
  return opened(metadata, work);
}

/** The resource API of OpenTelemetry 1 (a class) or 2 (a function). SDKs include one or the other. */
interface ResourceModule {
  readonly Resource?: new (attributes: Record<string, string>) => Resource;
  readonly resourceFromAttributes?: (attributes: Record<string, string>) => Resource;
}

/** Uses the packages that the Pulumi SDK includes. They take about 100 ms to load, in a traced run only. */
function openExport(url: string): InEngineTrace {
  const load = createRequire(require.resolve("@pulumi/pulumi/package.json"));
  const api: typeof import("@opentelemetry/api") = require("@opentelemetry/api");
  const { NodeTracerProvider }: typeof import("@opentelemetry/sdk-trace-node") = load(
    "@opentelemetry/sdk-trace-node",
  );
  const { BatchSpanProcessor }: typeof import("@opentelemetry/sdk-trace-base") = load(
    "@opentelemetry/sdk-trace-base",
  );
  const { OTLPTraceExporter }: typeof import("@opentelemetry/exporter-trace-otlp-grpc") = load(
    "@opentelemetry/exporter-trace-otlp-grpc",
  );
  const resources: ResourceModule = load("@opentelemetry/resources");

  const attributes = { "service.name": "pulumi-resource-outboundbot", "service.version": packageVersion };
  const resource =
    resources.resourceFromAttributes?.(attributes) ??
    (resources.Resource === undefined ? undefined : new resources.Resource(attributes));
  const exporter = new OTLPTraceExporter({ url, timeoutMillis: exportTimeout });
  const provider = new NodeTracerProvider({
    spanProcessors: [new BatchSpanProcessor(exporter)],
    ...(resource === undefined ? {} : { resource }),
  });
  provider.register();

  return async (metadata, work) => {
    const headers = Object.fromEntries(
      ["traceparent", "tracestate"].map((name) => [name, String(metadata.get(name)[0] ?? "")]),
    );
    const parent = api.propagation.extract(api.ROOT_CONTEXT, headers);
    try {
      return await api.context.with(parent, async () => work());
    } finally {
      // The engine may end the plugin as soon as it has the response. An export error must not fail the call.
      await provider.forceFlush().catch(() => {});
    }
  };
}
