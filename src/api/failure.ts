import { oneLine } from "../common/redact.js";
import { adviceFor } from "../errors/codes.js";
import { ConnectionError, type FailedCall, ServiceError } from "../errors/errors.js";
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

/**
 * Reads the fields of a successful JSON response.
 *
 * @param body the text of the response.
 * @throws ServiceError for anything else: a failure in the body with any status, a redirect, invalid JSON, an empty body.
 */
export function readSuccess(response: HttpResponse, body: string, call: Call): Reader {
  const { statusCode, headers } = response;
  if (statusCode >= 300 && statusCode < 400) {
    const target = firstHeader(headers, "location");
    throw unreadableResponse(
      "UnexpectedRedirect",
      `the response is a redirect${target === undefined ? "" : ` to ${withoutQuery(target)}`}`,
      response,
      call,
    );
  }
  if (body.trim() === "") {
    throw unreadableResponse("EmptyResponse", "the response has no body", response, call);
  }
  const fields = readFields(body, response, call);
  const failed = statusCode >= 400 || fields.boolean("Success") === false;
  const code = fields.text("Code");
  if (failed || (code !== undefined && !isSuccess(code) && fields.boolean("Success") !== true)) {
    throw failureOf(fields, response, call);
  }
  return fields;
}

/** Returns whether a `Code` means success. A failure may have such a code too. */
function isSuccess(code: string): boolean {
  return code === "OK" || code === "200";
}

/** Returns the error for a response that didn't come from the service. `problem` states what is wrong with it. */
export function unreadableResponse(
  code: string,
  problem: string,
  response: HttpResponse,
  call: Call,
): ServiceError {
  const failed = failedCall(response, call, requestIdOf(response.headers));
  return serviceError(code, problem, response, call, failed);
}

function readFields(body: string, response: HttpResponse, call: Call): Reader {
  try {
    const { caller } = response;
    return new Reader(parseJson(body, call.longIntegers), (text) => caller?.isRepeatedIn(text) ?? false);
  } catch (error) {
    // A parser's message would repeat a part of the text, which may contain a secret.
    const why = error instanceof UnreadableField ? error.message : "invalid JSON";
    const contentType = firstHeader(response.headers, "content-type") ?? "no content type";
    const problem = `expected a JSON object, got ${body.length} characters of ${contentType} (${why})`;
    throw unreadableResponse("UnreadableResponse", problem, response, call);
  }
}

function failureOf(fields: Reader, response: HttpResponse, call: Call): ServiceError {
  const shown = (text: string) => bounded((response.caller ?? call.caller)?.redact(text) ?? text);
  const requestId = fields.text("RequestId") ?? requestIdOf(response.headers);
  const failed = failedCall(response, call, requestId, statusIn(fields));
  const stated = fields.text("Code");
  const code = stated === undefined || isSuccess(stated) ? "UnknownError" : shown(stated);
  const message = fields.text("Message") ?? "the response has no error message";
  // Only the message tells which parameter was rejected.
  const rejectsPageSize = failed.statusCode < 500 && /page\s*size/i.test(`${code} ${message}`);
  return serviceError(code, quotableMessage(code, message), response, call, {
    ...failed,
    refusedParameter: rejectsPageSize ? "PageSize" : undefined,
  });
}

function statusIn(fields: Reader): number | undefined {
  const status = fields.text("HttpStatusCode") ?? "";
  return /^[1-5]\d\d$/.test(status) ? Number(status) : undefined;
}

/** Returns the error for a failure: the action, the endpoint, the identity and the response. */
function serviceError(
  code: string,
  serviceMessage: string,
  response: HttpResponse,
  call: Call,
  failed: FailedCall & { readonly statusCode: number },
): ServiceError {
  const caller = response.caller ?? call.caller;
  const advice = adviceFor(code, {
    ramAction: call.ramAction,
    serverDate: firstHeader(response.headers, "date"),
    now: Date.now(),
  });
  // The advice replaces the service's own.
  const message =
    advice === undefined ? serviceMessage : serviceMessage.replace(/ Please try again later\.$/, "");
  const shown = bounded(caller === undefined ? message : caller.redact(message));
  return new ServiceError(
    code,
    `${describeCall(call)} failed: ${code}${describeFacts({ ...failed, caller })}: ${shown}`,
    failed,
    {
      advice,
    },
  );
}

/**
 * Returns the part of a message that an error may quote. The message of SignatureDoesNotMatch continues with everything that was
 * signed, including a security token.
 */
function quotableMessage(code: string, message: string): string {
  return code === "SignatureDoesNotMatch" ? (/^[^.]*/.exec(message)?.[0] ?? "") : message;
}

function bounded(foreign: string): string {
  const text = oneLine(foreign).trim();
  return text.length <= longestQuote ? text : `${text.slice(0, longestQuote)}… (${text.length} characters)`;
}

function withoutQuery(target: string): string {
  return target.split(/[?#]/, 1)[0] ?? "";
}

function failedCall(response: HttpResponse, call: Call, requestId: string | undefined, bodyStatus?: number) {
  // A failure with HTTP status 200 states its own status in the body.
  const statusCode = response.statusCode < 400 && bodyStatus !== undefined ? bodyStatus : response.statusCode;
  const { action, endpoint } = call;
  return {
    action,
    endpoint,
    statusCode,
    requestId: redactRequestId(requestId, { ...call, caller: response.caller ?? call.caller }),
    retryAfter: retryAfterOf(response.headers, Date.now()),
  };
}

/** Returns a request ID without secrets and of limited length, because it comes from outside. */
export function redactRequestId(requestId: string | undefined, { caller }: Call): string | undefined {
  return requestId === undefined
    ? undefined
    : oneLine(caller?.redact(requestId) ?? requestId).slice(0, longestRequestId);
}

/** Returns the error of a call that timed out. `setting` is the key that sets the timeout. */
export function callTimedOut(call: Call, milliseconds: number, setting?: string): ConnectionError {
  const set = setting === undefined ? "" : ` (${setting})`;
  const reason = `${describeCall(call)} failed: CallTimeout: no complete response within ${milliseconds / 1000} s${set}`;
  return new ConnectionError("CallTimeout", reason, call, {
    advice: adviceFor("CallTimeout", { now: Date.now() }),
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
