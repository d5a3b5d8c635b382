import { RedactedError, redactLine } from "../common/redact.js";
import { messageOf, systemCodeOf } from "../common/values.js";
import { type Retry, retryOf } from "../errors/codes.js";
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
export class RefusedResponse extends RedactedError {}

/** The facts about an incomplete response. */
export interface PartialResponse {
  readonly statusCode?: number | undefined;
  readonly requestId?: string | undefined;
}

/** The retry behavior and the advice of a failure, if they differ from those of its code. */
interface Known {
  readonly retry?: Retry | undefined;
  readonly advice?: string | undefined;
}

type Meaning = readonly [code: string, meaning: string, known?: Known];

const meanings: ReadonlyMap<string, Meaning> = new Map<string, Meaning>([
  ["ENOTFOUND", ["UnknownHost", "the host name can't be resolved"]],
  [
    "EAI_AGAIN",
    [
      "UnknownHost",
      "the host name can't be resolved, because the DNS server doesn't respond",
      { retry: "transient" },
    ],
  ],
  ["ECONNREFUSED", ["ConnectionRefused", "nothing is listening on the port"]],
  ["ETIMEDOUT", ["CallTimeout", "connecting timed out"]],
]);

/** The codes for a server that answers the start of a TLS connection in another protocol, or in another version. */
const withoutTls = /^(EPROTO|ERR_SSL_(WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|UNSUPPORTED_PROTOCOL))$/;

/** The maximum length of a foreign message in an error. */
const longestQuote = 200;

/**
 * Returns the failure of a call without a complete response. The underlying error isn't attached, because it may contain received
 * data.
 *
 * @param responded whether the host has responded before: then its name exists, and a failed name lookup is retried.
 */
export function toCallFailure(
  error: unknown,
  call: Call,
  partial: PartialResponse = {},
  responded = false,
): CallFailure {
  const [code, meaning, known = {}] = meaningOf(error, partial);
  const reason = error instanceof ProxyFailure ? error.problem : error;
  const retry = responded && systemCodeOf(reason) === "ENOTFOUND" ? "transient" : known.retry;
  return connectionFailure(code, redactLine(meaning, longestQuote), call, partial, { ...known, retry });
}

function meaningOf(error: unknown, partial: PartialResponse): Meaning {
  if (error instanceof ProxyFailure) {
    return proxyMeaning(error);
  }
  if (error instanceof RefusedResponse) {
    // The server would send the same content again, unless it failed.
    const retry = retryOf({ code: "", statusCode: partial.statusCode });
    return ["UnreadableResponse", error.message, { retry }];
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
  if (withoutTls.test(systemCode)) {
    const advice =
      "Check the port. If the server doesn't use TLS, write http:// instead of https:// in its URL.";
    return [
      "TlsFailure",
      "the server doesn't speak TLS on this port, or not a version that Node.js supports",
      { advice },
    ];
  }
  if (/CERT|SELF_SIGNED|UNABLE_TO_|^ERR_(TLS|SSL)/.test(systemCode)) {
    return ["TlsFailure", messageOf(error)];
  }
  return meanings.get(systemCode) ?? ["ConnectionFailed", messageOf(error)];
}

function proxyMeaning({ proxy, problem }: ProxyFailure): Meaning {
  if (typeof problem === "number") {
    const why = problem === 407 ? " (authentication required)" : "";
    const retry = retryOf({ code: "ProxyFailure", statusCode: problem });
    return ["ProxyFailure", `the proxy ${proxy} returned status ${problem}${why}`, { retry }];
  }
  const [code, meaning, known] = meaningOf(problem, {});
  return [
    "ProxyFailure",
    `the proxy ${proxy} can't be used: ${meaning}`,
    { retry: retryOf({ code }), ...known },
  ];
}

/** Returns whether the other side closed the connection. */
export function isConnectionClosed(error: unknown): boolean {
  return ["ECONNRESET", "EPIPE"].includes(systemCodeOf(error) ?? "");
}
