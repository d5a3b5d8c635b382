import { Server, ServerCredentials } from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { Providers } from "./providers.js";
import { service } from "./service.js";

/** A plugin that is being served. */
export interface RunningPlugin {
  /** The port of 127.0.0.1 that it listens on. */
  readonly port: number;
  /** Ends it, with all that is under way. */
  readonly close: () => void;
}

/** Serves the provider's protocol to the engine, on a free port of this machine only. */
export async function servePlugin(engineAddress: string | undefined): Promise<RunningPlugin> {
  // A list of instances may be longer than the 4 MB that gRPC allows of itself.
  const unlimited = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };
  const server = new Server(unlimited);
  server.addService(ResourceProviderService, service(new Providers(engineAddress)));
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return { port, close: () => server.forceShutdown() };
}
