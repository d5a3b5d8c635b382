import { isIP } from "node:net";
import { messageOf } from "../common/values.js";
import { adviceFor } from "../errors/codes.js";
import { ConnectionError, type FailedCall } from "../errors/errors.js";
import type { CallerIdentity } from "./callerIdentity.js";
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

/**
 * What a call that got no whole answer failed of.
 *
 * @param proxies the proxies that the call may have gone through.
 */
export function toConnectionError(
  error: unknown,
  call: FailedCall & { readonly caller?: CallerIdentity | undefined },
  proxies: readonly URL[] = [],
): ConnectionError {
  const [code, meaning] = proxyFailure(error, proxies) ?? meaningOf(error, call);
  const came = call.caller?.redact(meaning) ?? meaning;
  return new ConnectionError(code, `${asked(call)} failed: ${code}${known(call)}: ${came}`, call, {
    advice: adviceFor(code, { keySource: call.caller?.source, now: Date.now() }),
  });
}

/** undici tells a proxy's refusal by its words only. */
const proxyRefusal = /^Proxy response \((\d+)\)/;

/** The failure of a connection to a proxy, or of a proxy to make one. */
function proxyFailure(
  error: unknown,
  proxies: readonly URL[],
): readonly [code: string, meaning: string] | undefined {
  if (proxies.length === 0 || !(error instanceof Error)) {
    return undefined;
  }
  const status = proxyRefusal.exec(error.message)?.[1];
  if (status !== undefined) {
    const why = status === "407" ? " (it asks for a user name and password)" : "";
    const named = proxies.map(({ host }) => host).join(" or ");
    return ["ProxyFailure", `the proxy ${named} answered ${status}${why}`];
  }
  const proxy = proxies.find((candidate) => isAbout(error, candidate));
  return proxy === undefined
    ? undefined
    : ["ProxyFailure", `the proxy ${proxy.host} could not be used: ${meaningOf(error, {})[1]}`];
}

/** Whether a system's or undici's error is about the connection to this host and port. */
function isAbout(error: Error, { hostname, port, protocol }: URL): boolean {
  const proxyPort = Number(port) || (protocol === "https:" ? 443 : 80);
  const host = hostname.replace(/^\[|\]$/g, "");
  const facts = fieldsOf(innermost(error));
  if (typeof facts.hostname === "string") {
    return facts.hostname === host;
  }
  const remote = fieldsOf(facts.socket);
  const address = facts.address ?? remote.remoteAddress;
  const reachedPort = facts.port ?? remote.remotePort;
  return reachedPort === proxyPort && (isIP(host) === 0 || address === host);
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

/** Several attempts at several addresses come as one error around the others. */
function innermost(error: Error): unknown {
  return error instanceof AggregateError ? error.errors[0] : error;
}

function meaningOf(
  error: unknown,
  call: Pick<FailedCall, "statusCode">,
): readonly [code: string, meaning: string] {
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
