import { messageOf } from "../values.js";
import { type Answer, headerOf, requestIdOf, retryAfterOf } from "./answer.js";
import { type FailedCall, ServiceError } from "./errors.js";
import { parseJson } from "./json.js";
import { Reader } from "./reader.js";

/** The fields of the API that are 64 bits wide. */
const longIntegers = ["CreatorId"];

/** Which call an answer belongs to. */
export interface Call {
  readonly action: string;
  /** As a URL without a path. */
  readonly endpoint: string;
}

/**
 * Reads an answer that must be a success of the service in JSON.
 *
 * @throws ServiceError when it is anything else: a failure in the body whatever the status, a redirect, no JSON, nothing.
 */
export function readSuccess(answer: Answer, call: Call): Reader {
  const { statusCode, headers, body } = answer;
  if (statusCode >= 300 && statusCode < 400) {
    const target = headerOf(headers, "location");
    throw unreadable(
      "UnexpectedRedirect",
      `a redirect${target === undefined ? "" : ` to ${target}`}`,
      answer,
      call,
    );
  }
  if (body.trim() === "") {
    throw unreadable("EmptyResponse", "an answer without a body", answer, call);
  }
  const fields = readFields(answer, call);
  const failed = statusCode >= 400 || fields.boolean("Success") === false;
  const code = fields.string("Code");
  if (
    failed ||
    (code !== undefined && code !== "OK" && code !== "200" && fields.boolean("Success") !== true)
  ) {
    throw refusal(fields, answer, call);
  }
  return fields;
}

/** An answer that is not one of the service's. `got` says what came instead. */
export function unreadable(
  code: string,
  got: string,
  answer: Answer,
  call: Call,
  cause?: unknown,
): ServiceError {
  const failed = failedCall(answer, call, requestIdOf(answer.headers));
  return new ServiceError(
    code,
    `${asked(failed)} failed: ${code}${known(failed)}: the service sent ${got}`,
    failed,
    { cause },
  );
}

function readFields(answer: Answer, call: Call): Reader {
  try {
    return new Reader(parseJson(answer.body, longIntegers));
  } catch (error) {
    const contentType = headerOf(answer.headers, "content-type") ?? "no content type";
    const got = `${answer.body.length} characters of ${contentType} that are not a JSON object (${messageOf(error)})`;
    throw unreadable("UnreadableResponse", got, answer, call, error);
  }
}

function refusal(fields: Reader, answer: Answer, call: Call): ServiceError {
  const failed = failedCall(
    answer,
    call,
    fields.string("RequestId") ?? requestIdOf(answer.headers),
    fields.integer("HttpStatusCode"),
  );
  const code = fields.string("Code") ?? "UnknownError";
  const message = fields.string("Message") ?? "the service gave no reason";
  return new ServiceError(code, `${asked(failed)} failed: ${code}${known(failed)}: ${message}`, failed);
}

function failedCall(answer: Answer, call: Call, requestId: string | undefined, bodyStatus?: number) {
  // A failure that comes with HTTP 200 tells its own status in the body.
  const statusCode = answer.statusCode < 400 && bodyStatus !== undefined ? bodyStatus : answer.statusCode;
  return { ...call, statusCode, requestId, retryAfter: retryAfterOf(answer.headers, Date.now()) };
}

/** What was asked, and where. */
export function asked({ action, endpoint }: Call): string {
  return `${action} at ${endpoint}`;
}

/** The status and the request id of a failed call, as far as they are known, in brackets. */
export function known({ statusCode, requestId }: Pick<FailedCall, "statusCode" | "requestId">): string {
  const facts = [
    ...(statusCode === undefined ? [] : [`status ${statusCode}`]),
    ...(requestId === undefined ? [] : [`request id ${requestId}`]),
  ];
  return facts.length === 0 ? "" : ` (${facts.join(", ")})`;
}
