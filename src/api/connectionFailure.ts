import { redactLine } from "../common/redact.js";
import { messageOf, systemCodeOf } from "../common/values.js";
import { type Call, type CallFailure, connectionFailure } from "./failure.js";

/** The error for a proxy that couldn't be reached or didn't open a tunnel. */
export class ProxyFailure extends Error {
  /** The proxy's host and port, for the message. */
  readonly proxy: string;
  /** The proxy's HTTP status, or the error in reaching it. */
  readonly problem: number | Error;

  constructor(proxy: string, problem: number | Error) {
    super("the proxy failed");
    this.proxy = proxy;
    this.problem = problem;
  }
}

/** The error for a response that isn't read, because it is larger than any page or encoded. */
export class RefusedResponse extends Error {}

/** The facts about an incomplete response. */
export interface PartialResponse {
  readonly statusCode?: number | undefined;
  readonly requestId?: string | undefined;
}

type Meaning = readonly [code: string, meaning: string];

const meanings: ReadonlyMap<string, Meaning> = new Map([
  ["ENOTFOUND", ["UnknownHost", "the host name can't be resolved"]],
  ["EAI_AGAIN", ["UnknownHost", "the host name can't be resolved, because the DNS server doesn't respond"]],
  ["ECONNREFUSED", ["ConnectionRefused", "nothing is listening on the port"]],
  ["ETIMEDOUT", ["CallTimeout", "connecting timed out"]],
]);

/** The maximum length of a foreign message in an error. */
const longestQuote = 200;

/**
 * Returns the failure of a call without a complete response. The underlying error isn't attached, because it may contain received
 * data.
 */
export function toCallFailure(error: unknown, call: Call, partial: PartialResponse = {}): CallFailure {
  const [code, meaning] = meaningOf(error, partial);
  return connectionFailure(code, redactLine(meaning, longestQuote), call, partial);
}

function meaningOf(error: unknown, partial: PartialResponse): Meaning {
  if (error instanceof ProxyFailure) {
    return ["ProxyFailure", proxyMeaning(error)];
  }
  if (error instanceof RefusedResponse) {
    return ["UnreadableResponse", error.message];
  }
  const systemCode = systemCodeOf(error) ?? "";
  if (isConnectionClosed(error)) {
    return partial.statusCode === undefined
      ? ["ConnectionReset", "the connection closed before a response arrived"]
      : ["TruncatedResponse", "the connection closed before the response was complete"];
  }
  if (systemCode.startsWith("HPE_")) {
    return ["UnreadableResponse", "the response is not HTTP"];
  }
  if (/CERT|SELF_SIGNED|UNABLE_TO_|^ERR_(TLS|SSL)|^EPROTO$/.test(systemCode)) {
    return ["TlsFailure", messageOf(error)];
  }
  return meanings.get(systemCode) ?? ["ConnectionFailed", messageOf(error)];
}

function proxyMeaning({ proxy, problem }: ProxyFailure): string {
  if (typeof problem === "number") {
    const why = problem === 407 ? " (authentication required)" : "";
    return `the proxy ${proxy} returned status ${problem}${why}`;
  }
  return `the proxy ${proxy} can't be used: ${meaningOf(problem, {})[1]}`;
}

/** Returns whether the other side closed the connection. */
export function isConnectionClosed(error: unknown): boolean {
  return ["ECONNRESET", "EPIPE"].includes(systemCodeOf(error) ?? "");
}
