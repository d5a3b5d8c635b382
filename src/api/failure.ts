import { adviceFor } from "../errors/advice.js";
import { type FailedCall, ServiceError } from "../errors/errors.js";
import { type Answer, headerOf, requestIdOf, retryAfterOf } from "./answer.js";
import type { Signer } from "./callerIdentity.js";
import { parseJson } from "./json.js";
import { Reader, UnreadableField } from "./reader.js";

/** The fields of the API that are 64 bits wide. */
const longIntegers = ["CreatorId"];

/** Which call an answer belongs to. */
export interface Call {
  readonly action: string;
  /** As a URL without a path. */
  readonly endpoint: string;
  /** As whom; absent where nobody has signed yet. */
  readonly signer?: Signer | undefined;
}

/** The longest part of a foreign message that an error repeats. */
const longestQuote = 500;

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
      `a redirect${target === undefined ? "" : ` to ${withoutQuery(target)}`}`,
      answer,
      call,
    );
  }
  if (body.trim() === "") {
    throw unreadable("EmptyResponse", "an answer without a body", answer, call);
  }
  const fields = readFields(answer, call);
  const failed = statusCode >= 400 || fields.boolean("Success") === false;
  const code = fields.words("Code");
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
    describe(code, `the service sent ${got}`, answer, call, failed),
    failed,
    cause === undefined ? undefined : { cause },
  );
}

function readFields(answer: Answer, call: Call): Reader {
  try {
    return new Reader(parseJson(answer.body, longIntegers));
  } catch (error) {
    // A parser's message, and so the cause, would repeat a piece of the text, which may be a piece of a secret.
    const why = error instanceof UnreadableField ? error.message : "it cannot be parsed";
    const contentType = headerOf(answer.headers, "content-type") ?? "no content type";
    const got = `${answer.body.length} characters of ${contentType} that are not a JSON object (${why})`;
    throw unreadable("UnreadableResponse", got, answer, call);
  }
}

function refusal(fields: Reader, answer: Answer, call: Call): ServiceError {
  const shown = (text: string) => bounded((answer.signer ?? call.signer)?.redact(text) ?? text);
  const requestId = fields.words("RequestId") ?? requestIdOf(answer.headers);
  const failed = failedCall(
    answer,
    call,
    requestId === undefined ? undefined : shown(requestId),
    statusIn(fields),
  );
  const code = shown(fields.words("Code") ?? "UnknownError");
  const message = fields.words("Message") ?? "the service gave no reason";
  return new ServiceError(code, describe(code, quotable(code, message), answer, call, failed), failed);
}

function statusIn(fields: Reader): number | undefined {
  const status = fields.words("HttpStatusCode") ?? "";
  return /^[1-5]\d\d$/.test(status) ? Number(status) : undefined;
}

/** What was asked, where and as whom, what came back, and what to do. */
function describe(code: string, came: string, answer: Answer, call: Call, failed: FailedCall): string {
  const signer = answer.signer ?? call.signer;
  const shown = bounded(signer === undefined ? came : signer.redact(came));
  const advice = adviceFor(code, {
    action: call.action,
    signer,
    headers: answer.headers,
    now: Date.now(),
  });
  return `${asked(call)} failed: ${code}${known({ ...failed, signer })}: ${advice === "" ? shown : sentence(shown)}${advice}`;
}

/** This refusal's message goes on with all that was signed, a security token included; its first sentence says it all. */
function quotable(code: string, message: string): string {
  return code === "SignatureDoesNotMatch" ? (/^[^.]*/.exec(message)?.[0] ?? "") : message;
}

function bounded(text: string): string {
  return text.length <= longestQuote ? text : `${text.slice(0, longestQuote)}… (${text.length} characters)`;
}

function sentence(text: string): string {
  return /[.!?…)]$/.test(text) ? text : `${text}.`;
}

function withoutQuery(target: string): string {
  return target.split(/[?#]/, 1)[0] ?? "";
}

function failedCall(answer: Answer, call: Call, requestId: string | undefined, bodyStatus?: number) {
  // A failure that comes with HTTP 200 tells its own status in the body.
  const statusCode = answer.statusCode < 400 && bodyStatus !== undefined ? bodyStatus : answer.statusCode;
  const { action, endpoint } = call;
  return { action, endpoint, statusCode, requestId, retryAfter: retryAfterOf(answer.headers, Date.now()) };
}

/** What was asked, and where. */
export function asked({ action, endpoint }: Call): string {
  return `${action} at ${endpoint}`;
}

/** The status, the request id and the signer of a failed call, as far as they are known, in brackets. */
export function known({
  statusCode,
  requestId,
  signer,
}: Pick<FailedCall, "statusCode" | "requestId"> & { readonly signer?: Signer | undefined }): string {
  const facts = [
    ...(statusCode === undefined ? [] : [`status ${statusCode}`]),
    ...(requestId === undefined ? [] : [`request id ${requestId}`]),
    ...(signer?.maskedId === undefined ? [] : [`as ${signer.maskedId} from ${signer.source}`]),
  ];
  return facts.length === 0 ? "" : ` (${facts.join(", ")})`;
}
