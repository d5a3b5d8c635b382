import { type MethodDefinition, Server, ServerCredentials, type ServiceDefinition } from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import type { Message } from "google-protobuf";
import { Providers } from "./providers.js";
import { service } from "./service.js";
import { readMessage } from "./struct.js";

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
  server.addService(definition(), service(new Providers(engineAddress)));
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return { port, close: () => server.forceShutdown() };
}

/** The fields of each request that hold properties. */
const structFields: Readonly<Record<string, readonly number[]>> = {
  checkConfig: [2, 3],
  diffConfig: [3, 4, 6],
  configure: [2],
  invoke: [2],
  check: [2, 3],
  diff: [3, 4, 6],
  create: [2],
  read: [3, 4],
  update: [3, 4, 8],
  delete: [3, 5],
};

/** The protocol, with properties that are read at once into what they are. */
function definition(): ServiceDefinition {
  return Object.fromEntries(
    Object.entries<MethodDefinition<Message, Message>>(ResourceProviderService).map(([name, method]) => {
      const fields = structFields[name];
      const requestDeserialize = (bytes: Buffer) =>
        fields === undefined
          ? method.requestDeserialize(bytes)
          : readMessage(bytes, fields, method.requestDeserialize);
      return [name, { ...method, requestDeserialize }];
    }),
  );
}
