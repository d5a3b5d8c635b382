import { once, setMaxListeners } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { setTimeout as wait } from "node:timers/promises";
import { deliver } from "./answers.js";
import type { CallLog } from "./callLog.js";
import type { CallNotes, Service } from "./service.js";

const host = "127.0.0.1";
/** Enough for the tags of a call, encoded in the URL. */
const largestHead = 65_536;
/** The idle timeout of the vendor's gateways. */
const idleTimeout = 60_000;

/** Serves the emulated service over HTTP, on the loopback interface only. */
export async function serve(
  service: Service,
  log: CallLog,
  { port, latency }: { readonly port: number; readonly latency: number },
): Promise<{ readonly port: number; close(): Promise<void> }> {
  const closing = new AbortController();
  setMaxListeners(0, closing.signal);

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const { method = "", url = "", headers } = request;
    const body = await buffer(request);
    const time = Date.now();
    log.calls++;
    const notes: CallNotes = {};
    const makeAnswer = service.receive({ method, url, headers, body }, notes);
    if (latency > 0) {
      await wait(latency, undefined, { signal: closing.signal });
    }
    const { answer, delivery } = makeAnswer();
    const isSent = !response.destroyed && delivery !== "reset" && delivery !== "hang";
    log.record({
      time,
      tags: [],
      faults: [],
      ...notes,
      ...(isSent && { status: answer.status }),
      ...(isSent && answer.code !== "" && { code: answer.code }),
    });
    if (!response.destroyed) {
      await deliver(response, answer, delivery);
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
