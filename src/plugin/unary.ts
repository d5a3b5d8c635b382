import { type handleUnaryCall, type ServerUnaryCall, type StatusObject, status } from "@grpc/grpc-js";
import { ShownError, shown } from "../common/shown.js";
import { messageOf } from "../common/values.js";
import { OutboundBotError } from "../errors/errors.js";
import { inEngineTrace } from "./tracing.js";

/** What a method knows of the call besides the request. */
export interface CallOrigin {
  /** The engine's end of the connection: one for each provider of a program. */
  readonly peer: string;
  /** Aborted when the engine no longer waits for the answer. */
  readonly signal: AbortSignal;
}

/** An answer that is a failure of its own kind. */
export class StatusError extends ShownError {
  readonly code: status;

  constructor(code: status, message: string) {
    super(message);
    this.code = code;
  }
}

/** Makes a method of the protocol from a function. Whatever it throws is the call's failure, and the server lives on. */
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
 * A header cannot grow without bound, and each byte of a message that is not ASCII takes three there. No message of this
 * package is that long.
 */
const longestMessage = 4_000;

/** What the engine is told of a failure. */
export function toStatus(error: unknown): Pick<StatusObject, "code" | "details"> {
  if (!OutboundBotError.isInstance(error) && !(error instanceof StatusError)) {
    // A defect of this package: the stack, which the engine shows among the diagnostics, is for its bug report.
    console.error(shown((error instanceof Error && error.stack) || String(error), longestMessage));
  }
  const message = shown(messageOf(error), longestMessage).toWellFormed();
  return {
    code: error instanceof StatusError ? error.code : status.UNKNOWN,
    details: message,
  };
}
