import { type StatusObject, status } from "@grpc/grpc-js";
import { RedactedError, redact } from "../common/redact.js";
import { isError, messageOf } from "../common/values.js";
import { OutboundBotError } from "../errors/errors.js";

/** An error with its own gRPC status. */
export class StatusError extends RedactedError {
  readonly code: status;

  constructor(code: status, message: string) {
    super(message);
    this.code = code;
  }
}

/** The maximum length of a message, in characters. Headers are limited in size, and a byte that isn't ASCII takes three there. */
export const longestMessage = 4_000;

/** Returns the gRPC status of an error. */
export function toStatus(error: unknown): Pick<StatusObject, "code" | "details"> {
  if (!OutboundBotError.isInstance(error) && !(error instanceof StatusError)) {
    reportDefect(error);
  }
  return {
    code: error instanceof StatusError ? error.code : status.UNKNOWN,
    details: redact(messageOf(error), longestMessage),
  };
}

/** Prints the stack of a defect of this package. The engine shows it among the diagnostics, for a bug report. */
export function reportDefect(error: unknown): void {
  console.error(redact((isError(error) && error.stack) || String(error), longestMessage));
}
