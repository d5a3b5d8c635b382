import { once } from "node:events";
import type { ServerResponse } from "node:http";
import type { AnswerFault, DeliveryFault } from "./faults.js";
import { internalError, ServiceError, throttled } from "./serviceError.js";

/** The response to one call, before a fault affects its delivery. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The service's code, for the call log; empty when the body has none. */
  readonly code: string;
}

export function jsonAnswer(
  status: number,
  code: string,
  requestId: string,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return {
    status,
    code,
    body,
    headers: { "content-type": "application/json;charset=utf-8", "x-acs-request-id": requestId, ...headers },
  };
}

/** Returns an error in the format of all the vendor's services. */
export function errorAnswer(error: ServiceError, requestId: string, host: string): Answer {
  const body = JSON.stringify({
    RequestId: requestId,
    HostId: host,
    Code: error.code,
    Message: error.message,
    Recommend: `https://api.aliyun.com/troubleshoot?q=${encodeURIComponent(error.code)}&product=OutboundBot&requestId=${requestId}`,
  });
  return jsonAnswer(error.status, error.code, requestId, body, error.headers);
}

const page =
  "<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>";
const html = { "content-type": "text/html;charset=utf-8" };

/** The target of the redirect, a path that the service doesn't have. */
const elsewhere = "/elsewhere";

/** Returns the response of a fault that replaces the correct response. */
export function faultyAnswer(fault: AnswerFault, requestId: string, host: string): Answer {
  switch (fault.kind) {
    case "html":
      return { status: 502, headers: html, body: page, code: "" };
    case "html-ok":
      return { status: 200, headers: html, body: page, code: "" };
    case "empty":
      return { status: 200, headers: {}, body: "", code: "" };
    case "redirect":
      return { status: 302, headers: { location: `http://${host}${elsewhere}` }, body: "", code: "" };
    case "soft":
      return softFailure(fault.code === "InternalError" ? internalError() : throttled(), requestId);
    default:
      return errorAnswer(toError(fault), requestId, host);
  }
}

type ErrorFault = Extract<
  AnswerFault,
  { kind: "throttling" | "error-500" | "error-503" | "forbidden" | "error" }
>;

function toError(fault: ErrorFault): ServiceError {
  switch (fault.kind) {
    case "throttling":
      return throttled(waitHeaders(fault.retryAfter));
    case "error-500":
      return internalError();
    case "error-503":
      return new ServiceError(
        "ServiceUnavailable",
        503,
        "The request has failed due to a temporary failure of the server.",
      );
    case "forbidden":
      return new ServiceError(
        "Forbidden.RAM",
        403,
        "User not authorized to operate on the specified resource, or this API doesn't support RAM.",
      );
    case "error":
      return new ServiceError(
        fault.code,
        fault.status ?? 400,
        `The emulator injected the error ${fault.code}.`,
      );
  }
}

function waitHeaders(
  wait: { milliseconds: number } | { seconds: number } | undefined,
): Record<string, string> {
  if (wait === undefined) {
    return {};
  }
  return "seconds" in wait
    ? { "retry-after": `${wait.seconds}` }
    : { "x-acs-retry-after": `${wait.milliseconds}` };
}

/** Returns a failure with HTTP status 200, reported in the body only. */
function softFailure(error: ServiceError, requestId: string): Answer {
  const body = JSON.stringify({
    HttpStatusCode: error.status,
    Code: error.code,
    Message: error.message,
    RequestId: requestId,
    Success: false,
  });
  return jsonAnswer(200, error.code, requestId, body);
}

const dripInterval = 1000;

/** Sends a response, or applies a delivery fault. Settles when the call is finished for the service. */
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
