import { randomUUID } from "node:crypto";
import { once, setMaxListeners } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";
import { deliver, errorAnswer } from "./answers.js";
import type { CallLog } from "./callLog.js";
import type { CallNotes, Outcome, Service } from "./service.js";
import { ServiceError } from "./serviceError.js";

const host = "127.0.0.1";
const largestBody = 1_048_576;
/** Above the longest URL, so that the service, not Node, rejects a long one. */
const largestHead = 65_536;
/** The idle timeout of the vendor's gateways. */
const idleTimeout = 60_000;

/** A listening server. */
export interface RunningServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Serves the emulated service over HTTP, on the loopback interface only. */
export async function serve(
  service: Service,
  log: CallLog,
  { port, latency }: { readonly port: number; readonly latency: number },
): Promise<RunningServer> {
  const closing = new AbortController();
  setMaxListeners(0, closing.signal);
  const connectionNumbers = new WeakMap<Duplex, number>();

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await readBody(request);
    const connection = connectionNumbers.get(request.socket) ?? 0;
    const arrival = { time: Date.now(), ...log.begin(), connection };
    try {
      const notes: CallNotes = {};
      const makeAnswer = receive(service, request, body, notes);
      if (latency > 0) {
        await wait(latency, undefined, { signal: closing.signal });
      }
      const { answer, delivery } = makeAnswer();
      const isSent = !response.destroyed && delivery?.kind !== "reset" && delivery?.kind !== "hang";
      log.record({
        ...arrival,
        tags: [],
        faults: [],
        ...notes,
        ...(isSent && { status: answer.status }),
        ...(isSent && answer.code !== "" && { code: answer.code }),
      });
      if (!response.destroyed) {
        await deliver(response, answer, delivery);
      }
    } finally {
      log.end();
    }
  };

  const server = createServer(
    { maxHeaderSize: largestHead, keepAliveTimeout: idleTimeout },
    (request, response) => {
      answer(request, response).catch((error: unknown) => {
        // A disconnected client or a closing emulator is expected; any other error must be reported.
        if (!response.destroyed && !closing.signal.aborted) {
          throw error;
        }
      });
    },
  );
  server.on("connection", (socket) => {
    const { number, whenClosed } = log.connect();
    connectionNumbers.set(socket, number);
    socket.once("close", whenClosed);
  });
  server.on("clientError", refuseUnreadable);
  server.listen({ port, host });
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") {
    throw new Error("The server has no port.");
  }

  let closed: Promise<unknown> | undefined;
  return {
    port: address.port,
    close: async () => {
      closed ??= new Promise((resolve) => server.close(resolve));
      closing.abort();
      server.closeAllConnections();
      await closed;
    },
  };
}

function receive(
  service: Service,
  { method = "", url = "", headers }: IncomingMessage,
  body: Buffer | undefined,
  notes: CallNotes,
): () => Outcome {
  if (body !== undefined) {
    return service.receive({ method, url, headers, body }, notes);
  }
  const error = new ServiceError(
    "RequestEntityTooLarge",
    413,
    `The body is larger than ${largestBody} bytes.`,
  );
  return () => ({
    answer: errorAnswer(error, randomUUID().toUpperCase(), headers.host ?? ""),
    delivery: undefined,
  });
}

/** Reads the whole body, so that the connection stays usable. Returns `undefined` when it is too large to keep. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes: Buffer = chunk;
    size += bytes.length;
    if (size <= largestBody) {
      chunks.push(bytes);
    }
  }
  return size <= largestBody ? Buffer.concat(chunks) : undefined;
}

/** Handles a request that Node's parser rejected, and that therefore has no request object. */
function refuseUnreadable(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable || error.code === "ECONNRESET") {
    return void socket.destroy();
  }
  const status =
    error.code === "HPE_HEADER_OVERFLOW" ? "431 Request Header Fields Too Large" : "400 Bad Request";
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
