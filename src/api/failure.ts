import { withDeadline } from "../common/deadline.js";
import { redactLine } from "../common/redact.js";
import { isRecord } from "../common/values.js";
import { adviceFor, type Retry, retryOf } from "../errors/codes.js";
import {
  type Attempts,
  ConnectionError,
  type FailedCall,
  OutboundBotError,
  ServiceError,
} from "../errors/errors.js";
import type { CallerIdentity } from "./callerIdentity.js";
import { firstHeader, type HttpResponse, requestIdOf, retryAfterOf } from "./httpResponse.js";
import { parseJson } from "./json.js";
import { Reader, UnreadableField } from "./reader.js";

/** The call that a response belongs to. */
export interface Call {
  readonly action: string;
  /** The RAM action that the caller needs; absent when none is needed. */
  readonly ramAction?: string | undefined;
  /** The endpoint, as a URL without a path. */
  readonly endpoint: string;
  /** The names of 64-bit integer fields in the response. */
  readonly longIntegers?: readonly string[] | undefined;
  /** The identity that makes the call; absent when nothing has been signed yet. */
  readonly caller?: CallerIdentity | undefined;
}

/** The maximum length of a foreign message in an error. */
const longestQuote = 500;
const longestRequestId = 100;
const unexpectedContent =
  "If OutboundBot sent this response, open a ticket with Alibaba Cloud and include the request ID. Otherwise, check the endpoint.";

/** A failed attempt of a call. Its error, with a message, is created only if nothing retries the call. */
export class CallFailure extends Error {
  readonly code: string;
  readonly retry: Retry;
  readonly retryAfter: number | undefined;
  readonly toError: (attempts?: Attempts) => OutboundBotError;

  constructor(
    { code, retry, retryAfter }: Pick<CallFailure, "code" | "retry"> & Pick<FailedCall, "retryAfter">,
    toError: (attempts?: Attempts) => OutboundBotError,
  ) {
    super("the call failed");
    this.code = code;
    this.retry = retry;
    this.retryAfter = retryAfter;
    this.toError = toError;
  }

  /** Returns the failure of an attempt: its own, or the error of a sign-in. `undefined` for an error of another kind. */
  static from(thrown: unknown): CallFailure | undefined {
    if (thrown instanceof CallFailure) {
      return thrown;
    }
    if (!OutboundBotError.isInstance(thrown)) {
      return undefined;
    }
    const retryAfter = ServiceError.isInstance(thrown) ? thrown.retryAfter : undefined;
    return new CallFailure({ code: thrown.code, retry: retryOf(thrown), retryAfter }, () => thrown);
  }
}

/**
 * Makes a call without retries.
 *
 * @throws the error of the failed call.
 */
export async function callOnce<Result>(
  call: Call,
  timeout: number,
  attempt: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  try {
    return await withDeadline(timeout, () => callTimedOut(call, timeout), undefined, attempt);
  } catch (thrown) {
    throw CallFailure.from(thrown)?.toError() ?? thrown;
  }
}

/**
 * Reads a successful JSON response.
 *
 * @param read reads the result from the fields of the response, or from its text.
 * @throws CallFailure for anything else: a failure in the body with any status, a redirect, invalid JSON, an empty body, a field
 * that isn't as documented.
 */
export function readSuccess<Result>(
  response: HttpResponse,
  call: Call,
  read: (fields: Reader, body: string) => Result,
): Result {
  const { statusCode, headers } = response;
  const body = response.takeText();
  if (statusCode >= 300 && statusCode < 400) {
    const target = firstHeader(headers, "location")?.split(/[?#]/, 1)[0];
    const problem = `the response is a redirect${target === undefined ? "" : ` to ${target}`}`;
    throw serviceFailure("UnexpectedRedirect", problem, response, call);
  }
  if (body.trim() === "") {
    throw serviceFailure("EmptyResponse", "the response has no body", response, call);
  }
  let value: unknown;
  let fields: Reader;
  try {
    value = parseJson(body, call.longIntegers);
    fields = new Reader(value);
  } catch (error) {
    // A parser's message would repeat a part of the text, which may contain a secret.
    const why = error instanceof UnreadableField ? error.message : "invalid JSON";
    const contentType = firstHeader(headers, "content-type") ?? "no content type";
    const problem = `expected a JSON object, got ${body.length} characters of ${contentType} (${why})`;
    throw serviceFailure("UnreadableResponse", problem, response, call);
  }
  try {
    const code = stated(value, "Code");
    const succeeded = fields.boolean("Success") ?? (code === undefined || isSuccess(code));
    if (statusCode >= 400 || !succeeded) {
      throw failureIn(value, response, call);
    }
    return read(fields, body);
  } catch (error) {
    if (error instanceof UnreadableField) {
      // The service would return the same content again.
      throw serviceFailure("UnreadableResponse", `unexpected content: ${error.message}`, response, call, {
        retry: "never",
        advice: unexpectedContent,
      });
    }
    throw error;
  }
}

/** Returns whether a `Code` means success. A failure may have such a code too. */
function isSuccess(code: string): boolean {
  return code === "OK" || code === "200";
}

/** Returns a field of a failure, whose fields vary, as text. No result contains it, and errors redact it. */
function stated(value: unknown, name: string): string | undefined {
  const field = isRecord(value) ? value[name] : undefined;
  return typeof field === "string" || typeof field === "number" ? String(field) : undefined;
}

/** Returns the failure that a response states in its fields. */
function failureIn(fields: unknown, response: HttpResponse, call: Call): CallFailure {
  const given = stated(fields, "Code");
  const code = given === undefined || isSuccess(given) ? "UnknownError" : given;
  const message = stated(fields, "Message") ?? "the response has no error message";
  // A failure with HTTP status 200 states its own status in the body.
  const status = stated(fields, "HttpStatusCode") ?? "";
  const statusCode =
    response.statusCode < 400 && /^[1-5]\d\d$/.test(status) ? Number(status) : response.statusCode;
  return serviceFailure(code, quotableMessage(code, message), response, call, {
    statusCode,
    requestId: stated(fields, "RequestId"),
    // Only the message tells which parameter was rejected.
    refusedParameter: statusCode < 500 && /page\s*size/i.test(`${code} ${message}`) ? "PageSize" : undefined,
  });
}

/**
 * Returns the part of a message that an error may quote. The message of SignatureDoesNotMatch continues with everything that was
 * signed, including a security token.
 */
function quotableMessage(code: string, message: string): string {
  return code === "SignatureDoesNotMatch" ? (/^[^.]*/.exec(message)?.[0] ?? "") : message;
}

/** Returns the failure of a call that got a response. `problem` states what is wrong with the response. */
function serviceFailure(
  code: string,
  problem: string,
  response: HttpResponse,
  call: Call,
  known: Pick<FailedCall, "statusCode" | "requestId" | "refusedParameter"> & {
    retry?: Retry;
    advice?: string;
  } = {},
): CallFailure {
  const { headers } = response;
  const { statusCode = response.statusCode, refusedParameter } = known;
  const retryAfter = retryAfterOf(headers, Date.now());
  const retry = known.retry ?? retryOf({ code, statusCode, retryAfter });
  return new CallFailure({ code, retry, retryAfter }, (attempts) => {
    const requestId = redactRequestId(known.requestId ?? requestIdOf(headers));
    const failed = {
      action: call.action,
      endpoint: call.endpoint,
      refusedParameter,
      statusCode,
      requestId,
      retryAfter,
    };
    const caller = response.caller ?? call.caller;
    const advice =
      known.advice ??
      adviceFor(code, {
        ramAction: call.ramAction,
        serverDate: firstHeader(headers, "date"),
        now: Date.now(),
      });
    // The advice replaces the service's own.
    const quoted = advice === undefined ? problem : problem.replace(/ Please try again later\.$/, "");
    const reason = `${describeCall(call)} failed: ${redactLine(code)}${describeFacts({ ...failed, caller })}: ${bounded(quoted)}`;
    return new ServiceError(code, reason, failed, { advice, attempts, retryable: retry !== "never" });
  });
}

function bounded(foreign: string): string {
  const shown = redactLine(foreign, longestQuote);
  return shown.length <= longestQuote ? shown : `${shown} (${foreign.length} characters)`;
}

/** Returns a request ID without secrets and of limited length, because it comes from outside. */
function redactRequestId(requestId: string | undefined): string | undefined {
  return requestId === undefined ? undefined : redactLine(requestId).slice(0, longestRequestId);
}

/** Returns the failure of a call that timed out. `setting` is the key that sets the timeout. */
export function callTimedOut(call: Call, milliseconds: number, setting?: string): CallFailure {
  const set = setting === undefined ? "" : ` (${setting})`;
  return connectionFailure("CallTimeout", `no complete response within ${milliseconds / 1000} s${set}`, call);
}

/** Returns the failure of a call without a complete response. */
export function connectionFailure(
  code: string,
  problem: string,
  call: Call,
  partial: Pick<FailedCall, "statusCode" | "requestId"> = {},
  known: { readonly retry?: Retry | undefined; readonly advice?: string | undefined } = {},
): CallFailure {
  const { retry = retryOf({ code }) } = known;
  return new CallFailure({ code, retry }, (attempts) => {
    const { action, endpoint, caller } = call;
    const failed = { action, endpoint, ...partial, requestId: redactRequestId(partial.requestId) };
    const reason = `${describeCall(call)} failed: ${code}${describeFacts({ ...failed, caller })}: ${problem}`;
    const { advice = adviceFor(code, { now: Date.now() }) } = known;
    return new ConnectionError(code, reason, failed, { advice, attempts, retryable: retry !== "never" });
  });
}

/** Describes the action and the endpoint. */
export function describeCall({ action, endpoint }: Call): string {
  return `${action} at ${endpoint}`;
}

/** Returns the known facts of a failed call in brackets: status, request ID and identity. */
export function describeFacts({
  statusCode,
  requestId,
  caller,
}: Pick<FailedCall, "statusCode" | "requestId"> & { readonly caller?: CallerIdentity | undefined }): string {
  const facts = [
    ...(statusCode === undefined ? [] : [`status ${statusCode}`]),
    ...(requestId === undefined ? [] : [`request ID ${requestId}`]),
    ...(caller === undefined ? [] : [describeCaller(caller)]),
  ];
  return facts.length === 0 ? "" : ` (${facts.join(", ")})`;
}

function describeCaller({ maskedId, source }: CallerIdentity): string {
  return maskedId === undefined ? `credentials from ${source}` : `access key ${maskedId} from ${source}`;
}
