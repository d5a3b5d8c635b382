import { createRequire } from "node:module";
import type { Metadata } from "@grpc/grpc-js";
import type { Resource } from "@opentelemetry/resources";
import { packageVersion } from "../common/version.js";

type Work<Result> = () => Result | Promise<Result>;

/** Runs one call of the engine's as a part of the engine's trace. */
type InEngineTrace = <Result>(metadata: Metadata, work: Work<Result>) => Promise<Result>;

/** How long the collector may take to accept spans, in milliseconds. */
const exportTimeout = 2_000;

let opened: InEngineTrace | undefined;

/** As `InEngineTrace`, where the engine collects traces (`--otel-traces`); nothing but the work where it doesn't. */
export async function inEngineTrace<Result>(metadata: Metadata, work: Work<Result>): Promise<Result> {
  const endpoint = process.env.PULUMI_OTEL_EXPORTER_OTLP_ENDPOINT;
  if (endpoint === undefined || endpoint === "") {
    return work();
  }
  opened ??= open(endpoint);
  return opened(metadata, work);
}

function open(endpoint: string): InEngineTrace {
  try {
    return openExport(endpoint);
  } catch {
    process.stderr.write(
      "warning: The outboundbot plugin sends no traces: that needs @pulumi/pulumi 3.230 or later. Update it.\n",
    );
    return async (_metadata, work) => work();
  }
}

/** The resource's class of OpenTelemetry 1, or the function that took its place in 2: SDKs bring one or the other. */
interface ResourceModule {
  readonly Resource?: new (attributes: Record<string, string>) => Resource;
  readonly resourceFromAttributes?: (attributes: Record<string, string>) => Resource;
}

/** With the packages that the Pulumi SDK brings. They load in some 100 ms, which only a traced run spends. */
function openExport(endpoint: string): InEngineTrace {
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
  // The engine gives a host and a port of this machine.
  const url = endpoint.includes("://") ? endpoint : `http://${endpoint}`;
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
      // The engine may end the plugin as soon as it has its answer. What the collector refuses is no failure of the call.
      await provider.forceFlush().catch(() => {});
    }
  };
}
