import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import {
  type handleServerStreamingCall,
  Server,
  ServerCredentials,
  type ServerWritableStream,
  type ServiceDefinition,
  status,
} from "@grpc/grpc-js";
import { type Method, methods } from "./protocol.js";
import { type Provider, Providers } from "./providers.js";
import { StatusError, toStatus } from "./statusError.js";
import { inEngineTrace } from "./tracing.js";
import { Fields } from "./wireReader.js";

/** A running plugin. */
export interface RunningPlugin {
  /** The port on 127.0.0.1. */
  readonly port: number;
  /** Stops the plugin and cancels its requests. */
  readonly close: () => void;
}

/** Serves the provider protocol to the engine, on a free port of 127.0.0.1. */
export async function servePlugin(engineAddress: string | undefined): Promise<RunningPlugin> {
  // The engine's own limit. gRPC's default is 4 MB, and a list of instances may be longer.
  const grpc = new Server({ "grpc.max_receive_message_length": 400 * 2 ** 20 });
  const providers = new Providers(engineAddress);
  /** The open connections, by their other end. */
  const open = new Map<string, Socket>();
  const providerOf = (peer: string) => providers.at(open.get(peer));
  grpc.addService(
    definition,
    Object.fromEntries(Object.entries(methods).map(([name, method]) => [name, handler(method, providerOf)])),
  );
  const connections = grpc.createConnectionInjector(ServerCredentials.createInsecure());
  // A server of our own, because gRPC's doesn't tell when a connection ends.
  const server = createServer((socket) => {
    const peer = `${socket.remoteAddress}:${socket.remotePort}`;
    open.set(peer, socket);
    socket.once("close", () => open.get(peer) === socket && open.delete(peer));
    connections.injectConnection(socket);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    close: () => {
      server.close();
      grpc.forceShutdown();
    },
  };
}

const asIs = (bytes: Buffer) => bytes;

/** The protocol, with messages as bytes. A method with one response is encoded like a stream of one. */
const definition: ServiceDefinition = Object.fromEntries(
  Object.keys(methods).map((name) => [
    name,
    {
      path: `/pulumirpc.ResourceProvider/${name}`,
      requestStream: false,
      responseStream: true,
      requestSerialize: asIs,
      requestDeserialize: asIs,
      responseSerialize: asIs,
      responseDeserialize: asIs,
    },
  ]),
);

type Stream = ServerWritableStream<Buffer, Buffer>;
type ProviderOf = (peer: string) => Provider;

/** Makes a gRPC method. Anything it throws fails the call, but not the server. */
function handler(method: Method, providerOf: ProviderOf): handleServerStreamingCall<Buffer, Buffer> {
  return (stream) => {
    inEngineTrace(stream.metadata, () => answer(method, stream, providerOf)).then(
      () => stream.end(),
      (error: unknown) => stream.emit("error", toStatus(error)),
    );
  };
}

async function answer(method: Method, stream: Stream, providerOf: ProviderOf): Promise<void> {
  const abort = new AbortController();
  // The engine no longer waits for the response.
  stream.once("cancelled", () => abort.abort(new StatusError(status.CANCELLED, "The call was cancelled.")));
  const provider = providerOf(stream.getPeer());
  const send = (response: Buffer) => write(stream, response);
  const response = await method({
    request: new Fields(stream.request),
    provider,
    run: (work) => provider.run(abort.signal, work),
    send,
  });
  if (response !== undefined) {
    await send(response);
  }
}

/** Waits while the engine reads more slowly than the service sends, so that memory is bounded. */
async function write(stream: Stream, response: Buffer): Promise<void> {
  if (!stream.write(response) && !stream.cancelled) {
    await new Promise<void>((resolve) => {
      const proceed = () => {
        stream.off("drain", proceed);
        stream.off("cancelled", proceed);
        resolve();
      };
      stream.on("drain", proceed);
      stream.on("cancelled", proceed);
    });
  }
}
