import { adviceFor } from "../errors/codes.js";
import { ConnectionError, type FailedCall, ServiceError } from "../errors/errors.js";
import { type Answer, headerOf, requestIdOf, retryAfterOf } from "./answer.js";
import type { CallerIdentity } from "./callerIdentity.js";
import { parseJson } from "./json.js";
import { Reader, UnreadableField } from "./reader.js";

/** The call that a response belongs to. */
export interface Call {
  readonly action: string;
  /** The RAM action that the caller needs; absent where RAM is not asked. */
  readonly ramAction?: string | undefined;
  /** As a URL without a path. */
  readonly endpoint: string;
  /** The names of the response's fields that are 64 bits wide. */
  readonly longIntegers?: readonly string[] | undefined;
  /** Absent where nobody has signed yet. */
  readonly caller?: CallerIdentity | undefined;
}

/** The longest part of a foreign message that an error repeats. */
const longestQuote = 500;
const longestRequestId = 100;

/**
 * Reads an answer that must be a success of the service in JSON.
 *
 * @throws ServiceError when it is anything else: a failure in the body whatever the status, a redirect, no JSON, nothing.
 */
export function readSuccess(answer: Answer, call: Call): Reader {
  const { statusCode, headers } = answer;
  const body = answer.text();
  if (statusCode >= 300 && statusCode < 400) {
    const target = headerOf(headers, "location");
    throw unreadable(
      "UnexpectedRedirect",
      `a redirect${target === undefined ? "" : ` to ${withoutQuery(target)}`}`,
      answer,
      call,
    );
  }
  if (body.trim() === "") {
    throw unreadable("EmptyResponse", "an answer without a body", answer, call);
  }
  const fields = readFields(body, answer, call);
  const failed = statusCode >= 400 || fields.boolean("Success") === false;
  const code = fields.text("Code");
  if (
    failed ||
    (code !== undefined && code !== "OK" && code !== "200" && fields.boolean("Success") !== true)
  ) {
    throw refusal(fields, answer, call);
  }
  return fields;
}

/** An answer that is not one of the service's. `got` says what came instead. */
export function unreadable(code: string, got: string, answer: Answer, call: Call): ServiceError {
  const failed = failedCall(answer, call, requestIdOf(answer.headers));
  return serviceError(code, `the service sent ${got}`, answer, call, failed);
}

function readFields(body: string, answer: Answer, call: Call): Reader {
  try {
    return new Reader(parseJson(body, call.longIntegers));
  } catch (error) {
    // A parser's message, and so the cause, would repeat a piece of the text, which may be a piece of a secret.
    const why = error instanceof UnreadableField ? error.message : "it cannot be parsed";
    const contentType = headerOf(answer.headers, "content-type") ?? "no content type";
    const got = `${body.length} characters of ${contentType} that are not a JSON object (${why})`;
    throw unreadable("UnreadableResponse", got, answer, call);
  }
}

function refusal(fields: Reader, answer: Answer, call: Call): ServiceError {
  const shown = (text: string) => bounded((answer.caller ?? call.caller)?.redact(text) ?? text);
  const requestId = fields.text("RequestId") ?? requestIdOf(answer.headers);
  const failed = failedCall(answer, call, requestId, statusIn(fields));
  const code = shown(fields.text("Code") ?? "UnknownError");
  const message = fields.text("Message") ?? "the service gave no reason";
  // Nothing but its text says which parameter a refusal is about.
  const refusesSize = failed.statusCode < 500 && /page\s*size/i.test(`${code} ${message}`);
  return serviceError(code, quotable(code, message), answer, call, {
    ...failed,
    refusedParameter: refusesSize ? "PageSize" : undefined,
  });
}

function statusIn(fields: Reader): number | undefined {
  const status = fields.text("HttpStatusCode") ?? "";
  return /^[1-5]\d\d$/.test(status) ? Number(status) : undefined;
}

/** Says what was called, where and as whom, and what came back. */
function serviceError(
  code: string,
  came: string,
  answer: Answer,
  call: Call,
  failed: FailedCall & { readonly statusCode: number },
): ServiceError {
  const caller = answer.caller ?? call.caller;
  const shown = bounded(caller === undefined ? came : caller.redact(came));
  const advice = adviceFor(code, {
    ramAction: call.ramAction,
    keySource: caller?.source,
    serverDate: headerOf(answer.headers, "date"),
    now: Date.now(),
  });
  return new ServiceError(
    code,
    `${describeCall(call)} failed: ${code}${describeFacts({ ...failed, caller })}: ${shown}`,
    failed,
    {
      advice,
    },
  );
}

/** This refusal's message goes on with all that was signed, a security token included; its first sentence says it all. */
function quotable(code: string, message: string): string {
  return code === "SignatureDoesNotMatch" ? (/^[^.]*/.exec(message)?.[0] ?? "") : message;
}

function bounded(text: string): string {
  return text.length <= longestQuote ? text : `${text.slice(0, longestQuote)}… (${text.length} characters)`;
}

function withoutQuery(target: string): string {
  return target.split(/[?#]/, 1)[0] ?? "";
}

function failedCall(answer: Answer, call: Call, requestId: string | undefined, bodyStatus?: number) {
  // A failure that comes with HTTP 200 tells its own status in the body.
  const statusCode = answer.statusCode < 400 && bodyStatus !== undefined ? bodyStatus : answer.statusCode;
  const { action, endpoint } = call;
  return {
    action,
    endpoint,
    statusCode,
    requestId: shownRequestId(requestId, { ...call, caller: answer.caller ?? call.caller }),
    retryAfter: retryAfterOf(answer.headers, Date.now()),
  };
}

/** A request id without secrets, of a length that a request id may have: it comes from outside like all the rest. */
export function shownRequestId(requestId: string | undefined, { caller }: Call): string | undefined {
  return requestId === undefined
    ? undefined
    : (caller?.redact(requestId) ?? requestId).slice(0, longestRequestId);
}

/** The error of a call that had no whole response in time. */
export function callTimedOut(call: Call, milliseconds: number): ConnectionError {
  const reason = `${describeCall(call)} failed: CallTimeout: no whole answer came within ${milliseconds / 1000} s`;
  return new ConnectionError("CallTimeout", reason, call);
}

/** What was describeCall, and where. */
export function describeCall({ action, endpoint }: Call): string {
  return `${action} at ${endpoint}`;
}

/** The status, the request id and the caller of a failed call, as far as they are known, in brackets. */
export function describeFacts({
  statusCode,
  requestId,
  caller,
}: Pick<FailedCall, "statusCode" | "requestId"> & { readonly caller?: CallerIdentity | undefined }): string {
  const facts = [
    ...(statusCode === undefined ? [] : [`status ${statusCode}`]),
    ...(requestId === undefined ? [] : [`request id ${requestId}`]),
    ...(caller?.maskedId === undefined ? [] : [`as ${caller.maskedId} from ${caller.source}`]),
  ];
  return facts.length === 0 ? "" : ` (${facts.join(", ")})`;
}
