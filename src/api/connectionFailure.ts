import { messageOf } from "../values.js";
import { ConnectionError, type FailedCall } from "./errors.js";
import { asked, known } from "./failure.js";

const meanings: ReadonlyMap<string, readonly [code: string, meaning: string]> = new Map([
  ["ENOTFOUND", ["UnknownHost", "the host is not known"]],
  ["EAI_AGAIN", ["UnknownHost", "the host's address could not be found out"]],
  ["ECONNREFUSED", ["ConnectionRefused", "nothing listens there"]],
  ["ECONNRESET", ["ConnectionReset", "the connection was reset"]],
  ["EPIPE", ["ConnectionReset", "the connection was reset"]],
  ["UND_ERR_RES_CONTENT_LENGTH_MISMATCH", ["TruncatedResponse", "the answer was cut off"]],
  ["UND_ERR_CONNECT_TIMEOUT", ["CallTimeout", "no connection was made in time"]],
  ["UND_ERR_HEADERS_TIMEOUT", ["CallTimeout", "no answer came in time"]],
  ["UND_ERR_BODY_TIMEOUT", ["CallTimeout", "the answer stopped coming"]],
  ["ETIMEDOUT", ["CallTimeout", "no connection was made in time"]],
  ["UND_ERR_RES_EXCEEDED_MAX_SIZE", ["UnreadableResponse", "the answer is far larger than a page can be"]],
]);

/** What a call that got no whole answer failed of. */
export function toConnectionError(error: unknown, call: FailedCall): ConnectionError {
  const [code, meaning] = meaningOf(error, call);
  return new ConnectionError(code, `${asked(call)} failed: ${code}${known(call)}: ${meaning}`, call, {
    cause: error,
  });
}

function meaningOf(error: unknown, call: FailedCall): readonly [code: string, meaning: string] {
  const systemCode = codeOf(error);
  const meaning = meanings.get(systemCode);
  if (meaning !== undefined) {
    return meaning;
  }
  if (systemCode === "UND_ERR_SOCKET") {
    // undici's word for a connection that the other side closed: before the answer began, or in the middle of it.
    return call.statusCode === undefined
      ? ["ConnectionReset", "the connection was closed before an answer came"]
      : ["TruncatedResponse", "the answer was cut off"];
  }
  if (systemCode.startsWith("HPE_")) {
    return ["UnreadableResponse", "what came back is not HTTP"];
  }
  if (isTlsFailure(systemCode)) {
    return ["TlsFailure", messageOf(error)];
  }
  return ["ConnectionFailed", messageOf(error)];
}

function isTlsFailure(code: string): boolean {
  return /CERT|SELF_SIGNED|UNABLE_TO_|^ERR_(TLS|SSL)|^EPROTO$/.test(code);
}

/** The system's or undici's code; several attempts at several addresses come as one error without a code of its own. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) {
    return "";
  }
  if ("code" in error && typeof error.code === "string" && error.code !== "") {
    return error.code;
  }
  if (error instanceof AggregateError) {
    return codeOf(error.errors[0]);
  }
  return error.cause === undefined ? "" : codeOf(error.cause);
}
