import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { ErrorResponse } from "./errorResponse.js";
import type { Fault, FaultKind } from "./faults.js";

/** The response to one call, before a fault affects its delivery. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The service's code, for the call log; empty when the body has none. */
  readonly code: string;
}

export function jsonAnswer(status: number, code: string, requestId: string, body: string): Answer {
  const headers = { "content-type": "application/json;charset=utf-8", "x-acs-request-id": requestId };
  return { status, code, body, headers };
}

/** Returns an error in the format of all the vendor's services. With status 200, only the body reports the failure. */
export function errorAnswer(error: ErrorResponse, requestId: string, host: string, status: number): Answer {
  const { code, message } = error;
  const body = {
    ...(status === 200 && { HttpStatusCode: error.status, Success: false }),
    RequestId: requestId,
    HostId: host,
    Code: code,
    Message: message,
    Recommend: `https://api.aliyun.com/troubleshoot?q=${encodeURIComponent(code)}&product=OutboundBot&requestId=${requestId}`,
  };
  return jsonAnswer(status, code, requestId, JSON.stringify(body));
}

/** Returns the response of a fault that replaces the correct response. */
export function faultyAnswer(fault: Fault, requestId: string, host: string): Answer {
  const { kind, code, status, headers, body } = fault;
  if (kind === "response") {
    return { status: status ?? 200, headers: headers ?? {}, body: body ?? "", code: "" };
  }
  const error = new ErrorResponse(code ?? "InternalError");
  const answer = errorAnswer(error, requestId, host, status ?? error.status);
  return { ...answer, headers: { ...answer.headers, ...headers } };
}

const dripInterval = 1000;

/** Sends a response, or applies a delivery fault. Settles when the call is finished for the service. */
export async function deliver(
  response: ServerResponse,
  { status, headers, body }: Answer,
  fault: FaultKind | undefined,
): Promise<void> {
  const bytes = Buffer.from(body);
  const half = bytes.subarray(0, bytes.length >> 1);
  const begin = (length: number) => response.writeHead(status, { ...headers, "content-length": length });
  switch (fault) {
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
      for (const byte of bytes) {
        await wait(dripInterval, undefined, { ref: false });
        if (response.destroyed) {
          return;
        }
        response.write(Buffer.of(byte));
      }
      response.end();
      return;
    default:
      begin(bytes.length).end(bytes);
  }
}
