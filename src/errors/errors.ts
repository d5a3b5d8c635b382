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
  /**
   * The error of this package that caused this error. Errors of other libraries are never attached, because they may contain
   * secrets.
   */
  readonly cause?: Error | undefined;
}

/** The maximum length of a reason, in characters: enough for a list of candidates, and for every problem of a default chain. */
const longestReason = 10_000;
/** The maximum length of a field, in characters: enough for every name and ID of a service. */
const longestField = 1_000;

const brand = Symbol.for("pulumi-outboundbot.OutboundBotError");

/**
 * The base class of this package's errors.
 *
 * `code` is stable and meant for programs. `message` is meant for people and may change. If a Pulumi program doesn't catch the
 * error, Pulumi prints its message without a stack trace.
 *
 * @example
 * ```ts
 * import { getInstances, OutboundBotError } from "pulumi-outboundbot";
 *
 * try {
 *   await getInstances({ tags: { env: "prod" } });
 * } catch (error) {
 *   if (OutboundBotError.isInstance(error)) {
 *     console.error(error.code, error.message);
 *   }
 * }
 * ```
 */
export class OutboundBotError extends Error {
  static {
    identify(OutboundBotError, "OutboundBotError");
  }

  /** The error code: the service's `Code` if it returned one, otherwise a code of this package. */
  readonly code: string;
  /** What failed and why: the message without the advice. */
  declare readonly reason: string;
  /** What to do about the error: the last part of the message. `undefined` when no remedy is known. */
  declare readonly advice: string | undefined;

  /**
   * Internal: only this package creates these errors.
   *
   * @param code the error code.
   * @param reason what failed and why, in full sentences.
   * @param details optional details.
   */
  constructor(code: string, reason: string, { advice, attempts, cause }: ErrorDetails = {}) {
    const shownReason = redact(reason, longestReason);
    const shownAdvice = advice && redact(advice, longestReason);
    // An error of another library may contain received data in any of its properties.
    const shownCause =
      cause instanceof OutboundBotError || cause instanceof RedactedError ? { cause } : undefined;
    super(compose(shownReason, shownAdvice, attempts), shownCause);
    this.code = redact(code);
    hide(this, {
      reason: shownReason,
      advice: shownAdvice,
      [brand]: true,
      // Pulumi prints only the message of an error with this marker, and the stack trace of any other error.
      __pulumiRunError: true,
      stack: ownFrames(this.stack),
    });
  }

  /** Whether a retry of the same call may succeed: the service throttled the call or was unavailable, or the network failed. */
  get retryable(): boolean {
    return retryOf(this.code) !== "never";
  }

  /**
   * Returns whether a value is an instance of this class, including one from another copy of the package. `instanceof` returns the
   * same.
   *
   * @param value the caught value.
   * @returns `true` for an instance of this class or of a derived one.
   */
  static isInstance(value: unknown): value is OutboundBotError {
    return value instanceof OutboundBotError;
  }

  /**
   * Recognizes instances of every copy of the class, because a program and its dependencies may each load one.
   *
   * @hidden
   */
  static override [Symbol.hasInstance](this: ErrorClass, value: unknown): boolean {
    // biome-ignore lint/complexity/noThisInStatic: each of the derived classes recognizes its own instances.
    return isInstanceOf(this, value);
  }
}

interface ErrorClass {
  readonly prototype: Error;
}

function isInstanceOf(kind: ErrorClass, value: unknown): boolean {
  if (Function.prototype[Symbol.hasInstance].call(kind, value)) {
    return true;
  }
  // A subclass that a user derives has no name of its own.
  if (!Object.hasOwn(kind.prototype, "name") || !(value instanceof Error) || !(brand in value)) {
    return false;
  }
  return classNames(value).includes(kind.prototype.name);
}

/** Returns the names of an error's classes, most derived first. */
function classNames(error: object): unknown[] {
  const prototype: unknown = Object.getPrototypeOf(error);
  return typeof prototype === "object" && prototype !== null
    ? [Reflect.get(prototype, "name"), ...classNames(prototype)]
    : [];
}

/** Sets the class name as a literal, because a bundler may rename the class. */
function identify(kind: ErrorClass, name: string): void {
  Object.defineProperty(kind.prototype, "name", { value: name, configurable: true, writable: true });
}

/** Defines properties that `util.inspect` and JSON leave out, because the message contains them. */
function hide(error: Error, properties: Readonly<Record<string | symbol, unknown>>): void {
  for (const property of Reflect.ownKeys(properties)) {
    const value = properties[property];
    Object.defineProperty(error, property, { value, configurable: true, writable: true });
  }
}

/** Composes the message. No other code does. */
function compose(reason: string, advice: string | undefined, attempts: ErrorDetails["attempts"]): string {
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
 * @example
 * ```ts
 * import { ArgumentError, getInstances } from "pulumi-outboundbot";
 *
 * try {
 *   await getInstances({ pageSize: 0 });
 * } catch (error) {
 *   if (ArgumentError.isInstance(error)) {
 *     for (const { property, reason } of error.problems) {
 *       console.error(property, reason); // pageSize must be a whole number from 1 to 100, got 0
 *     }
 *   }
 * }
 * ```
 */
export class ArgumentError extends OutboundBotError {
  static {
    identify(ArgumentError, "ArgumentError");
  }

  /** All problems, not only the first one. */
  readonly problems: readonly ArgumentProblem[];

  /**
   * Internal: only this package creates these errors.
   *
   * @param functionName the name of the function or resource, for the message.
   * @param problems all problems.
   */
  constructor(functionName: string, problems: readonly ArgumentProblem[]) {
    const shownProblems = problems.map(({ property, reason }) => ({
      property: redact(property, longestField),
      reason: redact(reason, longestField),
    }));
    const lines = shownProblems.map(({ property, reason }) =>
      property === "" ? reason : `${property} ${reason}`,
    );
    const message =
      lines.length === 1
        ? `${functionName}: ${lines[0]}`
        : `${functionName}: invalid arguments (${lines.length} problems)\n${lines.map((line) => `  - ${line}`).join("\n")}`;
    super("InvalidArguments", message);
    this.problems = shownProblems;
  }

  static override isInstance(value: unknown): value is ArgumentError {
    return value instanceof ArgumentError;
  }
}

/**
 * The error for a setting (region, endpoint, credentials, …) that is missing or invalid. No call was sent to OutboundBot.
 *
 * `code` is `InvalidSetting`, `InvalidEndpoint`, `UnknownRegion`, `IncompleteCredentials` (only the access key ID or only the
 * secret is set) or `NoCredentials` (the configured sign-in method returned no credentials, or no method is configured and the
 * default chain found no credentials).
 *
 * @example
 * ```ts
 * import { getInstances, SettingsError } from "pulumi-outboundbot";
 *
 * try {
 *   await getInstances({ profile: "care" });
 * } catch (error) {
 *   if (SettingsError.isInstance(error) && error.code === "NoCredentials") {
 *     console.error("Sign in first:", error.message);
 *   }
 * }
 * ```
 */
export class SettingsError extends OutboundBotError {
  static {
    identify(SettingsError, "SettingsError");
  }

  /**
   * The invalid setting, as the user sets it: a configuration key such as `outboundbot:region`, or an environment variable.
   * `undefined` when the error isn't about a single setting.
   */
  readonly setting: string | undefined;

  /**
   * Internal: only this package creates these errors.
   *
   * @param code the error code.
   * @param reason which setting is invalid, and why, in full sentences.
   * @param details optional details; `setting` is the configuration key or the environment variable.
   */
  constructor(
    code: string,
    reason: string,
    details: ErrorDetails & { readonly setting?: string | undefined } = {},
  ) {
    super(code, reason, details);
    this.setting = details.setting && redact(details.setting);
  }

  static override isInstance(value: unknown): value is SettingsError {
    return value instanceof SettingsError;
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
 * @example
 * ```ts
 * import { getInstances, ServiceError } from "pulumi-outboundbot";
 *
 * try {
 *   await getInstances();
 * } catch (error) {
 *   if (ServiceError.isInstance(error) && error.code === "Forbidden.RAM") {
 *     console.error(`Not allowed (status ${error.statusCode}); for a ticket: ${error.requestId}`);
 *   }
 * }
 * ```
 */
export class ServiceError extends OutboundBotError implements FailedCall {
  static {
    identify(ServiceError, "ServiceError");
  }

  readonly action: string;
  readonly endpoint: string;
  /** The HTTP status of the response, or the error status in the body of a response with status 200. */
  readonly statusCode: number;
  readonly requestId: string | undefined;
  readonly retryAfter: number | undefined;
  readonly refusedParameter: string | undefined;

  /**
   * Internal: only this package creates these errors.
   *
   * @param code the service's `Code`.
   * @param reason what was called and what the response was, in full sentences.
   * @param call the failed call.
   * @param details optional details.
   */
  constructor(
    code: string,
    reason: string,
    call: FailedCall & { readonly statusCode: number },
    details?: ErrorDetails,
  ) {
    super(code, reason, details);
    this.action = call.action;
    this.endpoint = redact(call.endpoint, longestField);
    this.statusCode = call.statusCode;
    this.requestId = call.requestId && redact(call.requestId);
    this.retryAfter = call.retryAfter;
    this.refusedParameter = call.refusedParameter;
  }

  override get retryable(): boolean {
    return retryOf(this.code, this.statusCode) !== "never";
  }

  static override isInstance(value: unknown): value is ServiceError {
    return value instanceof ServiceError;
  }
}

/**
 * The error for a call without a complete response: the host is unknown, refused the connection, closed it early or took too
 * long.
 *
 * `code` is `UnknownHost`, `ConnectionRefused`, `ConnectionReset`, `TruncatedResponse`, `CallTimeout`, `ProxyFailure`,
 * `TlsFailure`, `UnreadableResponse`, `ConnectionFailed` or `LookupTimeout`.
 *
 * @example
 * ```ts
 * import { ConnectionError, getInstances } from "pulumi-outboundbot";
 *
 * try {
 *   await getInstances();
 * } catch (error) {
 *   if (ConnectionError.isInstance(error)) {
 *     console.error(`${error.endpoint} was not reached: ${error.code}`);
 *   }
 * }
 * ```
 */
export class ConnectionError extends OutboundBotError implements FailedCall {
  static {
    identify(ConnectionError, "ConnectionError");
  }

  readonly action: string;
  readonly endpoint: string;
  /** The HTTP status of the incomplete response; `undefined` when no response had started. */
  readonly statusCode: number | undefined;
  /** The service's `RequestId`, from the headers of the incomplete response; `undefined` when there was none. */
  readonly requestId: string | undefined;

  /**
   * Internal: only this package creates these errors.
   *
   * @param code the error code.
   * @param reason what was called and what happened, in full sentences.
   * @param call the failed call.
   * @param details optional details.
   */
  constructor(code: string, reason: string, call: FailedCall, details?: ErrorDetails) {
    super(code, reason, details);
    this.action = call.action;
    this.endpoint = redact(call.endpoint, longestField);
    this.statusCode = call.statusCode;
    this.requestId = call.requestId && redact(call.requestId);
  }

  static override isInstance(value: unknown): value is ConnectionError {
    return value instanceof ConnectionError;
  }
}

/**
 * The error for pages that don't add up to one list: the list kept changing while it was read, or the service's count is wrong.
 * `code` is `InconsistentList`.
 *
 * @example
 * ```ts
 * import { InconsistentListError, listInstances } from "pulumi-outboundbot";
 *
 * try {
 *   for await (const { id } of listInstances()) {
 *     console.log(id);
 *   }
 * } catch (error) {
 *   if (InconsistentListError.isInstance(error)) {
 *     console.error("The list changed during the listing; start again.");
 *   }
 * }
 * ```
 */
export class InconsistentListError extends OutboundBotError {
  static {
    identify(InconsistentListError, "InconsistentListError");
  }

  /**
   * Internal: only this package creates these errors.
   *
   * @param reason what is inconsistent, in full sentences.
   * @param details optional details.
   */
  constructor(reason: string, details?: ErrorDetails) {
    super("InconsistentList", reason, details);
  }

  static override isInstance(value: unknown): value is InconsistentListError {
    return value instanceof InconsistentListError;
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
 * @example
 * ```ts
 * import { getInstance, SelectionError } from "pulumi-outboundbot";
 *
 * try {
 *   await getInstance({ tags: { purpose: "survey" } });
 * } catch (error) {
 *   if (SelectionError.isInstance(error)) {
 *     console.error(error.code, error.candidates.map(({ id, name }) => `${id} ${name}`));
 *   }
 * }
 * ```
 */
export class SelectionError<Item extends SelectionCandidate = SelectionCandidate> extends OutboundBotError {
  static {
    identify(SelectionError, "SelectionError");
  }

  /**
   * The matching items, in the order of a result: none, or more than one. IDs and names are truncated to 1,000 characters.
   */
  readonly candidates: readonly Item[];

  /**
   * Internal: only this package creates these errors.
   *
   * @param code whether no item matched, or several did.
   * @param reason which arguments were given, and what matched them.
   * @param candidates every matching item.
   * @param details optional details.
   */
  constructor(code: string, reason: string, candidates: readonly Item[], details?: ErrorDetails) {
    super(code, reason, details);
    this.candidates = candidates.map((candidate) => ({
      ...candidate,
      id: redact(candidate.id, longestField),
      name: redact(candidate.name, longestField),
    }));
  }

  static override isInstance(value: unknown): value is SelectionError {
    return value instanceof SelectionError;
  }
}

/**
 * The error of `getInstance` when no instance or several instances match. `code` is `InstanceNotFound` or
 * `SeveralInstancesFound`.
 *
 * @example
 * ```ts
 * import { getInstance, InstanceSelectionError } from "pulumi-outboundbot";
 *
 * try {
 *   await getInstance({ tags: { purpose: "survey" } });
 * } catch (error) {
 *   if (InstanceSelectionError.isInstance(error)) {
 *     console.error(error.code, error.candidates.map(({ id }) => id));
 *   }
 * }
 * ```
 */
export class InstanceSelectionError extends SelectionError<Candidate> {
  static {
    identify(InstanceSelectionError, "InstanceSelectionError");
  }

  /**
   * Internal: only this package creates these errors.
   *
   * @param code whether no instance matched, or several did.
   * @param reason which arguments were given, and what matched them.
   * @param candidates every matching instance.
   * @param details optional details.
   */
  constructor(
    code: string,
    reason: string,
    candidates: readonly SelectionCandidate[],
    details?: ErrorDetails,
  ) {
    super(
      code,
      reason,
      candidates.map(({ id, name }) => ({ id, name, instanceName: redact(name, longestField) })),
      details,
    );
  }

  static override isInstance(value: unknown): value is InstanceSelectionError {
    return value instanceof InstanceSelectionError;
  }
}

/**
 * The error for an `outputFile` that can't be written. An existing file is left unchanged. `code` is `OutputFileNotWritten`.
 *
 * @example
 * ```ts
 * import { getInstances, OutputFileError } from "pulumi-outboundbot";
 *
 * try {
 *   await getInstances({ outputFile: "build/bots.json" });
 * } catch (error) {
 *   if (OutputFileError.isInstance(error)) {
 *     console.error(error.message); // Writing outputFile … failed: …
 *   }
 * }
 * ```
 */
export class OutputFileError extends OutboundBotError {
  static {
    identify(OutputFileError, "OutputFileError");
  }

  /**
   * Internal: only this package creates these errors.
   *
   * @param reason which file, and why.
   * @param details optional details.
   */
  constructor(reason: string, details?: ErrorDetails) {
    super("OutputFileNotWritten", reason, details);
  }

  static override isInstance(value: unknown): value is OutputFileError {
    return value instanceof OutputFileError;
  }
}
