import { type Answer, errorAnswer, jsonAnswer } from "./answer.js";
import type { AnswerFault } from "./faults.js";
import { internalError, ServiceError, throttled } from "./serviceError.js";

const page =
  "<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>";
const html = { "content-type": "text/html;charset=utf-8" };

/** Where the redirect leads: a path that the service does not have. */
const elsewhere = "/elsewhere";

/** The answer that a fault puts in the place of the right one. */
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
        `The emulator was told to answer ${fault.code}.`,
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

/** A failure that only its body admits. */
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
