import { once } from "node:events";
import type { ServerResponse } from "node:http";
import type { Answer } from "./answer.js";
import type { DeliveryFault } from "./faults.js";

const dripInterval = 1000;

/** Sends an answer, or spoils the sending. Settles when the call is over for the service. */
export async function deliver(
  response: ServerResponse,
  { status, headers, body }: Answer,
  fault: DeliveryFault | undefined,
): Promise<void> {
  const bytes = Buffer.from(body);
  const half = bytes.subarray(0, bytes.length >> 1);
  const begin = (length: number) => response.writeHead(status, { ...headers, "content-length": length });
  switch (fault?.kind) {
    case undefined:
      begin(bytes.length).end(bytes);
      return;
    case "cut":
      begin(half.length).end(half);
      return;
    case "truncated":
      begin(bytes.length).write(half, () => response.destroy());
      return;
    case "reset":
      response.socket?.resetAndDestroy();
      return;
    case "hang":
      await once(response, "close");
      return;
    case "drip":
      begin(bytes.length).flushHeaders();
      await drip(response, bytes);
  }
}

async function drip(response: ServerResponse, bytes: Buffer): Promise<void> {
  let sent = 0;
  const timer = setInterval(() => {
    response.write(bytes.subarray(sent, ++sent));
    if (sent === bytes.length) {
      response.end();
    }
  }, dripInterval);
  await once(response, "close");
  clearInterval(timer);
}
