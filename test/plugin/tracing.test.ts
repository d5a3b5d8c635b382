import assert from "node:assert/strict";
import { Metadata, Server, ServerCredentials } from "@grpc/grpc-js";
import type { InvokeResponse } from "@pulumi/pulumi/proto/provider_pb.js";
import { startEmulator } from "../../src/emulator/index.js";
import { startEngine } from "../helpers/engineStandIn.js";
import { call, invokeRequest, PluginProcess, settingsOf } from "../helpers/pluginProcess.js";

interface Collector extends AsyncDisposable {
  readonly address: string;
  /** Each batch of spans as received. */
  readonly received: Buffer[];
}

/** An engine's collector, which accepts spans or doesn't respond. */
async function startCollector({ hangs = false } = {}): Promise<Collector> {
  const received: Buffer[] = [];
  const server = new Server();
  server.addService(
    {
      export: {
        path: "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
        requestStream: false,
        responseStream: false,
        requestSerialize: (bytes: Buffer) => bytes,
        requestDeserialize: (bytes: Buffer) => bytes,
        responseSerialize: (bytes: Buffer) => bytes,
        responseDeserialize: (bytes: Buffer) => bytes,
      },
    },
    {
      export: (request: { request: Buffer }, answer: (error: null, response: Buffer) => void) => {
        received.push(request.request);
        if (!hangs) {
          answer(null, Buffer.alloc(0));
        }
      },
    },
  );
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return {
    address: `127.0.0.1:${port}`,
    received,
    [Symbol.asyncDispose]: async () => server.forceShutdown(),
  };
}

const traceId = "0af7651916cd43dd8448eb211c80319c";
const spanId = "b7ad6b7169203331";

function invokeInTrace({ client }: PluginProcess): Promise<InvokeResponse> {
  const metadata = new Metadata();
  metadata.set("traceparent", `00-${traceId}-${spanId}-01`);
  return call((done) => client.invoke(invokeRequest("getInstances", {}), metadata, done));
}

describe("the plugin's traces", () => {
  it("continue the engine's trace, and are exported before the response", async () => {
    await using emulator = await startEmulator({ count: 250 });
    await using collector = await startCollector();
    await using plugin = await PluginProcess.start({
      environment: { PULUMI_OTEL_EXPORTER_OTLP_ENDPOINT: collector.address },
    });
    await plugin.configure(settingsOf(emulator.environment));
    assert.deepEqual(collector.received, []);
    assert.equal((await invokeInTrace(plugin)).getReturn()?.toJavaScript().totalCount, 250);
    const sent = Buffer.concat(collector.received);
    for (const expected of [
      "pulumi-resource-outboundbot",
      "outboundbot.getInstances",
      Buffer.from(traceId, "hex"),
      Buffer.from(spanId, "hex"),
    ]) {
      assert.ok(sent.includes(expected), String(expected));
    }
    for (const hidden of ["emulator-access-key-id", "emulator-access-key-secret", "Signature"]) {
      assert.ok(!sent.includes(hidden), hidden);
    }
    assert.doesNotMatch(plugin.printed, /warning/);
  });

  it("neither fail nor delay a lookup when the collector is unavailable", async () => {
    await using emulator = await startEmulator({ count: 3 });
    await using collector = await startCollector({ hangs: true });
    for (const address of [collector.address, "127.0.0.1:1", "no address"]) {
      await using plugin = await PluginProcess.start({
        environment: { PULUMI_OTEL_EXPORTER_OTLP_ENDPOINT: address },
      });
      await plugin.configure(settingsOf(emulator.environment));
      assert.equal((await invokeInTrace(plugin)).getReturn()?.toJavaScript().totalCount, 3);
    }
  });

  it("are a debug line in the engine's log if it collects no traces", async () => {
    await using emulator = await startEmulator({ count: 250 });
    await using engine = await startEngine();
    await using plugin = await PluginProcess.start({ args: [engine.address] });
    await plugin.configure(settingsOf(emulator.environment));
    await invokeInTrace(plugin);
    const [line] = await engine.received(1);
    assert.equal(line?.severity, 0);
    assert.match(
      line?.message ?? "",
      /^OutboundBot: getInstances found 250 instances in [\d.]+ s: 3 calls, 0 throttled, 0 retried, 0 restarts, [\d.]+ s waiting for the rate limiter\.$/,
    );
  });
});
