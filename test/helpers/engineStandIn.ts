import { EventEmitter, once } from "node:events";
import { Server, ServerCredentials, type status } from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import type { LogRequest } from "@pulumi/pulumi/proto/engine_pb.js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb.js";

/** An engine that only receives a plugin's messages. */
export interface EngineStandIn extends AsyncDisposable {
  readonly address: string;
  readonly messages: readonly LogRequest.AsObject[];
  /** Waits until this many messages have arrived. */
  readonly received: (count: number) => Promise<readonly LogRequest.AsObject[]>;
}

export async function startEngine(): Promise<EngineStandIn> {
  const messages: LogRequest.AsObject[] = [];
  const events = new EventEmitter();
  const server = new Server();
  server.addService(EngineService, {
    log: (
      call: { request: LogRequest },
      callback: (error: { code: status } | null, response: Empty) => void,
    ) => {
      messages.push(call.request.toObject());
      events.emit("message");
      callback(null, new Empty());
    },
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return {
    address: `127.0.0.1:${port}`,
    messages,
    received: async (count) => {
      while (messages.length < count) {
        await once(events, "message");
      }
      return messages;
    },
    [Symbol.asyncDispose]: async () => server.forceShutdown(),
  };
}
