import { counted } from "../common/counted.js";
import { RedactedError, redact } from "../common/redact.js";
import { retryOf } from "./codes.js";

/** The optional details of an error. */
export interface ErrorDetails {
  /** What to do about the error, in full sentences. */
  readonly advice?: string | undefined;
  /** The attempts of a call that was retried. */
  readonly attempts?:
    | {
        /** The number of attempts. */
        readonly count: number;
        /** The total time of all attempts, in milliseconds. */
        readonly elapsed: number;
      }
    | undefined;
  /** Whether a retry may succeed. Default: as the code says. */
  readonly retryable?: boolean | undefined;
  /**
   * The error of this package that caused this error. Errors of other libraries are never attached, because they may contain
   * secrets.
   */
  readonly cause?: Error | undefined;
}

export type Attempts = NonNullable<ErrorDetails["attempts"]>;

/** The maximum length of a reason, in characters: enough for a list of candidates, and for every problem of a default chain. */
const longestReason = 10_000;
/** The maximum length of a field, in characters: enough for every name and ID of a service. */
const longestField = 1_000;

/**
 * The base class of this package's errors.
 *
 * `code` is stable and meant for programs. `message` is meant for people and may change. If a Pulumi program doesn't catch the
 * error, Pulumi prints its message without a stack trace.
 *
 * @hideconstructor
 */
export class OutboundBotError extends Error {
  /** The error code: the service's `Code` if it returned one, otherwise a code of this package. */
  readonly code: string;
  /** What failed and why: the message without the advice. */
  declare readonly reason: string;
  /** What to do about the error: the last part of the message. `undefined` when no remedy is known. */
  declare readonly advice: string | undefined;
  /** Whether a retry of the same call may succeed: the service throttled the call or was unavailable, or the network failed. */
  declare readonly retryable: boolean;

  constructor(code: string, reason: string, details: ErrorDetails = {}) {
    const { attempts, cause, retryable = retryOf({ code }) !== "never" } = details;
    const shownReason = redact(reason, longestReason);
    const advice = details.advice && redact(details.advice, longestReason);
    // An error of another library may contain received data in any of its properties.
    const shownCause =
      cause instanceof OutboundBotError || cause instanceof RedactedError ? { cause } : undefined;
    super(compose(shownReason, advice, attempts), shownCause);
    this.code = redact(code);
    // Pulumi prints only the message of an error with this marker, and the stack trace of any other error.
    const marker = { __pulumiRunError: true };
    // The message contains these properties, so `util.inspect` and JSON leave them out.
    const hidden = { reason: shownReason, advice, retryable, stack: ownFrames(this.stack), ...marker };
    for (const [name, value] of Object.entries(hidden)) {
      Object.defineProperty(this, name, { value, configurable: true, writable: true });
    }
  }

  /**
   * Returns whether a value is an instance of this class, including one from another copy of the package. `instanceof` returns the
   * same.
   *
   * @param this the class.
   * @param value the caught value.
   * @returns `true` for an instance of this class or of a derived one.
   */
  static isInstance<Kind extends OutboundBotError>(
    this: { readonly prototype: Kind },
    value: unknown,
  ): value is Kind {
    // biome-ignore lint/complexity/noThisInStatic: each derived class recognizes its own instances.
    return isInstanceOf(this.prototype, value);
  }

  /**
   * Recognizes instances of every copy of the class, because a program and its dependencies may each load one.
   *
   * @hidden
   */
  static override [Symbol.hasInstance](this: { readonly prototype: Error }, value: unknown): boolean {
    // biome-ignore lint/complexity/noThisInStatic: each derived class recognizes its own instances.
    return isInstanceOf(this.prototype, value);
  }
}

function isInstanceOf(prototype: Error, value: unknown): boolean {
  if (typeof value !== "object" || value === null) {
    return false;
  }
  // A class that a user derives has no name of its own.
  return Object.hasOwn(prototype, "name")
    ? markerOf(prototype.name) in value
    : Object.prototype.isPrototypeOf.call(prototype, value);
}

/** Returns the symbol that marks the instances of a class in every copy of the package. */
function markerOf(className: string): symbol {
  return Symbol.for(`pulumi-outboundbot.${className}`);
}

/** Composes the message. No other code does. */
function compose(reason: string, advice: string | undefined, attempts: Attempts | undefined): string {
  const sentences = [asSentence(reason)];
  if (attempts !== undefined) {
    const { count, elapsed } = attempts;
    sentences.push(`Gave up after ${counted(count, "attempt")} (${(elapsed / 1000).toFixed(1)} s).`);
  }
  if (advice !== undefined) {
    sentences.push(advice);
  }
  // After a list, the rest starts on a new line.
  return sentences.join(reason.includes("\n") ? "\n" : " ");
}

function asSentence(text: string): string {
  return text.includes("\n") || /[.!?\u2026]$/.test(text) ? text : `${text}.`;
}

/**
 * Returns a stack trace without the frames of Pulumi's runtime, which don't help a user.
 *
 * Pulumi formats every error with `util.inspect` and colors. That is very slow for a frame such as
 * `node_modules/@pulumi/output.ts`, which names no file inside a package.
 */
function ownFrames(stack: string | undefined): string | undefined {
  return stack
    ?.split("\n")
    .filter((line) => !/^\s+at .*node_modules[\\/]@pulumi[\\/]/.test(line))
    .join("\n");
}

/** One problem with the arguments of a lookup. */
export interface ArgumentProblem {
  /** The location, as a Pulumi property path: `pageSize`, `ids[2]`, `tags["a b"]`. */
  readonly property: string;
  /** A sentence that begins with `property`: what was expected, and what was given. */
  readonly reason: string;
}

/**
 * The error for invalid arguments or options, thrown before any request is sent. `code` is `InvalidArguments`.
 *
 * @hideconstructor
 */
export class ArgumentError extends OutboundBotError {
  /** All problems, not only the first one. */
  readonly problems: readonly ArgumentProblem[];

  constructor(functionName: string, problems: readonly ArgumentProblem[]) {
    const shownProblems = problems.map(({ property, reason }) => ({
      property: redact(property, longestField),
      reason: redact(reason, longestField),
    }));
    const lines = shownProblems.map(({ property, reason }) => `${property} ${reason}`.trimStart());
    const message =
      lines.length === 1
        ? `${functionName}: ${lines[0]}`
        : `${functionName}: invalid arguments (${lines.length} problems)\n${lines.map((line) => `  - ${line}`).join("\n")}`;
    super("InvalidArguments", message);
    this.problems = shownProblems;
  }
}

/**
 * The error for a setting (region, endpoint, credentials, …) that is missing or invalid. No call was sent to OutboundBot.
 *
 * `code` is `InvalidSetting`, `InvalidEndpoint`, `UnknownRegion`, `IncompleteCredentials` (only the access key ID or only the
 * secret is set) or `NoCredentials` (the configured sign-in method returned no credentials, or no method is configured and the
 * default chain found no credentials).
 *
 * @hideconstructor
 */
export class SettingsError extends OutboundBotError {
  /**
   * The invalid setting, as the user sets it: a configuration key such as `outboundbot:region`, or an environment variable.
   * `undefined` when the error isn't about a single setting.
   */
  readonly setting: string | undefined;

  constructor(
    code: string,
    reason: string,
    details: ErrorDetails & { readonly setting?: string | undefined } = {},
  ) {
    super(code, reason, details);
    this.setting = details.setting && redact(details.setting);
  }
}

/** The facts about a failed call to the service. */
export interface FailedCall {
  /** The API action, such as `ListInstances`, or an action needed to sign in, such as `AssumeRole`. */
  readonly action: string;
  /** The endpoint of the call, as `https://host` or `https://host:port`. */
  readonly endpoint: string;
  /**
   * The HTTP status of the response, or the error status in the body of a response with status 200. Absent when there was no
   * response.
   */
  readonly statusCode?: number | undefined;
  /** The service's `RequestId`, which Alibaba Cloud's support asks for. Absent when the response had none. */
  readonly requestId?: string | undefined;
  /** The time that the service asked callers to wait, in milliseconds. Absent when the service stated no time. */
  readonly retryAfter?: number | undefined;
  /** The request parameter that the service rejected. Absent when the service named no parameter. */
  readonly refusedParameter?: string | undefined;
}

/**
 * The error for a response that reports a failure or can't be read. Also thrown when STS rejects a call.
 *
 * `code` is the service's `Code` (`Throttling.User`, `Forbidden.RAM`, …), `UnknownError` when the service failed without a code,
 * or `UnreadableResponse`, `EmptyResponse` or `UnexpectedRedirect` when the response didn't come from the service.
 *
 * @hideconstructor
 */
export class ServiceError extends OutboundBotError implements FailedCall {
  readonly action: string;
  readonly endpoint: string;
  /** The HTTP status of the response, or the error status in the body of a response with status 200. */
  readonly statusCode: number;
  readonly requestId: string | undefined;
  readonly retryAfter: number | undefined;
  readonly refusedParameter: string | undefined;

  constructor(
    code: string,
    reason: string,
    call: FailedCall & { readonly statusCode: number },
    details?: ErrorDetails,
  ) {
    super(code, reason, { retryable: retryOf({ ...call, code }) !== "never", ...details });
    this.action = call.action;
    this.endpoint = redact(call.endpoint, longestField);
    this.statusCode = call.statusCode;
    this.requestId = call.requestId && redact(call.requestId);
    this.retryAfter = call.retryAfter;
    this.refusedParameter = call.refusedParameter;
  }
}

/**
 * The error for a call without a complete response: the host is unknown, refused the connection, closed it early or took too
 * long.
 *
 * `code` is `UnknownHost`, `ConnectionRefused`, `ConnectionReset`, `TruncatedResponse`, `CallTimeout`, `ProxyFailure`,
 * `TlsFailure`, `UnreadableResponse`, `ConnectionFailed` or `LookupTimeout`.
 *
 * @hideconstructor
 */
export class ConnectionError extends OutboundBotError implements FailedCall {
  readonly action: string;
  readonly endpoint: string;
  /** The HTTP status of the incomplete response; `undefined` when no response had started. */
  readonly statusCode: number | undefined;
  /** The service's `RequestId`, from the headers of the incomplete response; `undefined` when there was none. */
  readonly requestId: string | undefined;

  constructor(code: string, reason: string, call: FailedCall, details?: ErrorDetails) {
    super(code, reason, details);
    this.action = call.action;
    this.endpoint = redact(call.endpoint, longestField);
    this.statusCode = call.statusCode;
    this.requestId = call.requestId && redact(call.requestId);
  }
}

/**
 * The error for pages that don't add up to one list: the list kept changing while it was read, or the service's count is wrong.
 * `code` is `InconsistentList`.
 *
 * @hideconstructor
 */
export class InconsistentListError extends OutboundBotError {
  constructor(reason: string, details?: ErrorDetails) {
    super("InconsistentList", reason, details);
  }
}

/** One of the items that matched a lookup for exactly one item. */
export interface SelectionCandidate {
  /** The item's ID. */
  readonly id: string;
  /** The item's name; empty when the service returned none. */
  readonly name: string;
}

/** One of the instances that matched a call of {@link getInstance}. */
export interface Candidate extends SelectionCandidate {
  /** The instance's name (the API's `InstanceName`), same as `name`. */
  readonly instanceName: string;
}

/**
 * The error of a function that finds exactly one item, such as `getScript`, when no item or several items match. `code` depends
 * on the item: `ScriptNotFound` or `SeveralScriptsFound`, for example. For instances, the error is an
 * {@link InstanceSelectionError}.
 *
 * @hideconstructor
 */
export class SelectionError extends OutboundBotError {
  /** The matching items, in the order of a result: none, or more than one. IDs and names are truncated to 1,000 characters. */
  readonly candidates: readonly SelectionCandidate[];

  constructor(
    code: string,
    reason: string,
    candidates: readonly SelectionCandidate[],
    details?: ErrorDetails,
  ) {
    super(code, reason, details);
    this.candidates = candidates.map(({ id, name }) => ({
      id: redact(id, longestField),
      name: redact(name, longestField),
    }));
  }
}

/**
 * The error of `getInstance` when no instance or several instances match. `code` is `InstanceNotFound` or
 * `SeveralInstancesFound`.
 *
 * @hideconstructor
 */
export class InstanceSelectionError extends SelectionError {
  declare readonly candidates: readonly Candidate[];

  constructor(...args: ConstructorParameters<typeof SelectionError>) {
    super(...args);
    this.candidates = this.candidates.map(({ id, name }) => ({ id, name, instanceName: name }));
  }
}

/**
 * The error for an `outputFile` that can't be written. An existing file is left unchanged. `code` is `OutputFileNotWritten`.
 *
 * @hideconstructor
 */
export class OutputFileError extends OutboundBotError {
  constructor(reason: string, details?: ErrorDetails) {
    super("OutputFileNotWritten", reason, details);
  }
}

/** The names as literals, because a bundler may rename the classes. */
const classes = {
  OutboundBotError,
  ArgumentError,
  SettingsError,
  ServiceError,
  ConnectionError,
  InconsistentListError,
  SelectionError,
  InstanceSelectionError,
  OutputFileError,
};

const { isInstance } = OutboundBotError;
for (const [name, kind] of Object.entries(classes)) {
  Object.defineProperty(kind.prototype, "name", { value: name, configurable: true, writable: true });
  Object.defineProperty(kind.prototype, markerOf(name), { value: true });
  // Programs pass the function on, for example to `filter`.
  Object.defineProperty(kind, "isInstance", { value: isInstance.bind(kind), configurable: true });
}
