import { type handleUnaryCall, type ServerUnaryCall, type StatusObject, status } from "@grpc/grpc-js";
import { RedactedError, redact } from "../common/redact.js";
import { messageOf } from "../common/values.js";
import { OutboundBotError } from "../errors/errors.js";
import { inEngineTrace } from "./tracing.js";

/** The facts about a call besides its request. */
export interface CallOrigin {
  /** The engine's end of the connection, one for each provider of a program. */
  readonly peer: string;
  /** Aborted when the engine no longer waits for the response. */
  readonly signal: AbortSignal;
}

/** An error with its own gRPC status. */
export class StatusError extends RedactedError {
  readonly code: status;

  constructor(code: status, message: string) {
    super(message);
    this.code = code;
  }
}

/** Makes a gRPC method from a function. Anything it throws fails the call, but not the server. */
export function unary<Request, Response>(
  method: (request: Request, origin: CallOrigin) => Response | Promise<Response>,
): handleUnaryCall<Request, Response> {
  return (call, callback) => {
    answer(method, call).then(
      (response) => callback(null, response),
      (error: unknown) => callback(toStatus(error)),
    );
  };
}

async function answer<Request, Response>(
  method: (request: Request, origin: CallOrigin) => Response | Promise<Response>,
  call: ServerUnaryCall<Request, Response>,
): Promise<Response> {
  const abort = new AbortController();
  call.once("cancelled", () => abort.abort(new StatusError(status.CANCELLED, "The call was cancelled.")));
  return inEngineTrace(call.metadata, () =>
    method(call.request, { peer: call.getPeer(), signal: abort.signal }),
  );
}

/**
 * The maximum length of a message, in characters. No message of this package is as long. Headers are limited in size, and a byte
 * that isn't ASCII takes three bytes there.
 */
const longestMessage = 4_000;

/** Returns the gRPC status of an error. */
export function toStatus(error: unknown): Pick<StatusObject, "code" | "details"> {
  if (!OutboundBotError.isInstance(error) && !(error instanceof StatusError)) {
    // The error is a defect of this package. The engine shows the stack among the diagnostics, for a bug report.
    console.error(redact((error instanceof Error && error.stack) || String(error), longestMessage));
  }
  const message = redact(messageOf(error), longestMessage).toWellFormed();
  return {
    code: error instanceof StatusError ? error.code : status.UNKNOWN,
    details: message,
  };
}
