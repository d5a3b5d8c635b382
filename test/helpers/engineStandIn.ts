import { setTimeout } from "node:timers/promises";
import { Server, ServerCredentials, type status } from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import type { LogRequest } from "@pulumi/pulumi/proto/engine_pb.js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb.js";

/** An engine that only listens to what a plugin has to say. */
export interface EngineStandIn extends AsyncDisposable {
  readonly address: string;
  readonly messages: readonly LogRequest.AsObject[];
  /** Waits until as many messages have come, a few seconds at most. */
  readonly received: (count: number) => Promise<readonly LogRequest.AsObject[]>;
}

export async function startEngine(): Promise<EngineStandIn> {
  const messages: LogRequest.AsObject[] = [];
  const server = new Server();
  server.addService(EngineService, {
    log: (
      call: { request: LogRequest },
      callback: (error: { code: status } | null, response: Empty) => void,
    ) => {
      messages.push(call.request.toObject());
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
      const deadline = performance.now() + 5_000;
      while (messages.length < count && performance.now() < deadline) {
        await setTimeout(10);
      }
      return messages;
    },
    [Symbol.asyncDispose]: async () => server.forceShutdown(),
  };
}
