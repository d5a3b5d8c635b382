import { type MethodDefinition, Server, ServerCredentials, type ServiceDefinition } from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import type { Message } from "google-protobuf";
import { Providers } from "./providers.js";
import { service } from "./service.js";
import { readMessage } from "./struct.js";

/** A running plugin. */
export interface RunningPlugin {
  /** The port on 127.0.0.1. */
  readonly port: number;
  /** Stops the plugin and cancels its requests. */
  readonly close: () => void;
}

/** Serves the provider protocol to the engine, on a free port of 127.0.0.1. */
export async function servePlugin(engineAddress: string | undefined): Promise<RunningPlugin> {
  // gRPC limits messages to 4 MB by default, and a list of instances may be longer.
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

/** The numbers of the fields that hold properties, by request. */
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

/** Returns the protocol, with properties decoded directly into values. */
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
