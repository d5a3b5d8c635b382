import { messageOf } from "../common/values.js";
import { adviceFor } from "../errors/codes.js";
import { ConnectionError } from "../errors/errors.js";
import { type Call, describeCall, describeFacts, shownRequestId } from "./failure.js";

/** A proxy could not be reached, or did not open a tunnel. */
export class ProxyFailure extends Error {
  /** What the message names: the proxy's host and port. */
  readonly proxy: string;
  /** The status that it answered with, or why it could not be reached. */
  readonly problem: number | Error;

  constructor(proxy: string, problem: number | Error) {
    super("the proxy failed");
    this.proxy = proxy;
    this.problem = problem;
  }
}

/** A response is larger than any page can be. */
export class ResponseTooLarge extends Error {}

/** What is known of a response that broke off. */
export interface PartialResponse {
  readonly statusCode?: number | undefined;
  readonly requestId?: string | undefined;
}

type Meaning = readonly [code: string, meaning: string];

const meanings: ReadonlyMap<string, Meaning> = new Map([
  ["ENOTFOUND", ["UnknownHost", "the host is not known"]],
  ["EAI_AGAIN", ["UnknownHost", "the host's address could not be found out"]],
  ["ECONNREFUSED", ["ConnectionRefused", "nothing listens there"]],
  ["ETIMEDOUT", ["CallTimeout", "no connection was made in time"]],
]);

/** The longest part of a foreign message that an error repeats. */
const longestQuote = 200;

/** The error of a call that got no whole response. The error behind it is not attached: it may hold the bytes received. */
export function toConnectionError(
  error: unknown,
  call: Call,
  { statusCode, requestId }: PartialResponse = {},
): ConnectionError {
  const partial = { statusCode, requestId: shownRequestId(requestId, call) };
  const [code, meaning] = meaningOf(error, partial);
  const shown = (call.caller?.redact(meaning) ?? meaning).slice(0, longestQuote);
  const failed = { action: call.action, endpoint: call.endpoint, ...partial };
  return new ConnectionError(
    code,
    `${describeCall(call)} failed: ${code}${describeFacts({ ...partial, caller: call.caller })}: ${shown}`,
    failed,
    { advice: adviceFor(code, { keySource: call.caller?.source, now: Date.now() }) },
  );
}

function meaningOf(error: unknown, partial: PartialResponse): Meaning {
  if (error instanceof ProxyFailure) {
    return ["ProxyFailure", proxyMeaning(error)];
  }
  if (error instanceof ResponseTooLarge) {
    return ["UnreadableResponse", "the answer is far larger than a page can be"];
  }
  const systemCode = codeOf(error);
  if (systemCode === "ECONNRESET" || systemCode === "EPIPE") {
    return partial.statusCode === undefined
      ? ["ConnectionReset", "the connection was closed before an answer came"]
      : ["TruncatedResponse", "the answer was cut off"];
  }
  if (systemCode.startsWith("HPE_")) {
    return ["UnreadableResponse", "what came back is not HTTP"];
  }
  if (/CERT|SELF_SIGNED|UNABLE_TO_|^ERR_(TLS|SSL)|^EPROTO$/.test(systemCode)) {
    return ["TlsFailure", messageOf(error)];
  }
  return meanings.get(systemCode) ?? ["ConnectionFailed", messageOf(error)];
}

function proxyMeaning({ proxy, problem }: ProxyFailure): string {
  if (typeof problem === "number") {
    const why = problem === 407 ? " (it asks for a user name and password)" : "";
    return `the proxy ${proxy} answered ${problem}${why}`;
  }
  return `the proxy ${proxy} could not be used: ${meaningOf(problem, {})[1]}`;
}

/** The system's code. Attempts at several addresses come as one error around theirs. */
function codeOf(error: unknown): string {
  if (error instanceof AggregateError) {
    return codeOf(error.errors[0]);
  }
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}
