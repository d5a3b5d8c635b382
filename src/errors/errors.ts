import { ShownError, shown } from "../common/shown.js";
import { retryOf } from "./codes.js";

/** What an error may say besides its code and its reason. */
export interface ErrorDetails {
  /** What to do about it, in sentences. */
  readonly advice?: string | undefined;
  /** The attempts of a call that was retried. */
  readonly attempts?:
    | {
        /** How many there were. */
        readonly count: number;
        /** How long they took together, in milliseconds. */
        readonly elapsed: number;
      }
    | undefined;
  /** The error of this package behind this one. A foreign error is never attached: it may hold secrets. */
  readonly cause?: Error | undefined;
}

/** In characters: enough for a list of candidates, and for every problem of a default chain. */
const longestReason = 10_000;

const brand = Symbol.for("pulumi-outboundbot.OutboundBotError");

/**
 * The base of every error that this package throws on purpose.
 *
 * `code` is stable and meant for programs; `message` is meant for people and may change. A Pulumi program that lets one through
 * fails with its message, without a stack trace.
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

  /** What failed, in one word: the service's own `Code` where it sent one, else one of this package's. */
  readonly code: string;
  /** What failed and why: the message without the advice. */
  declare readonly reason: string;
  /** What to do about it, the last part of the message; `undefined` where nothing is known to help. */
  declare readonly advice: string | undefined;

  /**
   * For this package's own use.
   *
   * @param code what failed, in one word.
   * @param reason what failed and why, in sentences.
   * @param details what else is known.
   */
  constructor(code: string, reason: string, { advice, attempts, cause }: ErrorDetails = {}) {
    const shownReason = shown(reason, longestReason);
    const shownAdvice = advice && shown(advice, longestReason);
    // A foreign error may hold the bytes received, in properties that nobody thinks of.
    const shownCause =
      cause instanceof OutboundBotError || cause instanceof ShownError ? { cause } : undefined;
    super(compose(shownReason, shownAdvice, attempts), shownCause);
    this.code = shown(code);
    hide(this, {
      reason: shownReason,
      advice: shownAdvice,
      [brand]: true,
      // Pulumi prints an error with this mark as its message, and any other one with its stack.
      __pulumiRunError: true,
      stack: ownFrames(this.stack),
    });
  }

  /** Whether the same call may succeed when it is made again: the service was throttling or unavailable, or the network failed. */
  get retryable(): boolean {
    return retryOf(this.code) !== "never";
  }

  /**
   * Whether a value is an error of this package, also one thrown by another copy of the package. `instanceof` says the same.
   *
   * @param value whatever was caught.
   * @returns true for an error of any of this package's kinds.
   */
  static isInstance(value: unknown): value is OutboundBotError {
    return value instanceof OutboundBotError;
  }

  /**
   * Recognizes instances of every copy of the class: a program and its dependencies may load one each.
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
  // A class that a user derives from one of these has no name of its own.
  if (!Object.hasOwn(kind.prototype, "name") || !(value instanceof Error) || !(brand in value)) {
    return false;
  }
  return classNames(value).includes(kind.prototype.name);
}

/** The names of the classes of an error, its own first. */
function classNames(error: object): unknown[] {
  const prototype: unknown = Object.getPrototypeOf(error);
  return typeof prototype === "object" && prototype !== null
    ? [Reflect.get(prototype, "name"), ...classNames(prototype)]
    : [];
}

/** Gives a class its name as a literal, which a bundler that renames the class leaves alone. */
function identify(kind: ErrorClass, name: string): void {
  Object.defineProperty(kind.prototype, "name", { value: name, configurable: true, writable: true });
}

/** Sets properties that neither inspection nor JSON repeats beside the message. */
function hide(error: Error, properties: Readonly<Record<string | symbol, unknown>>): void {
  for (const property of Reflect.ownKeys(properties)) {
    const value = properties[property];
    Object.defineProperty(error, property, { value, configurable: true, writable: true });
  }
}

/** The only place where a message is put together. */
function compose(reason: string, advice: string | undefined, attempts: ErrorDetails["attempts"]): string {
  const advised = advice === undefined ? reason : `${asSentence(reason)} What to do: ${advice}`;
  return attempts === undefined
    ? advised
    : `${advised} (tried ${attempts.count} times in ${(attempts.elapsed / 1000).toFixed(1)} s)`;
}

function asSentence(text: string): string {
  return /[.!?\u2026)]$/.test(text) ? text : `${text}.`;
}

/**
 * A stack without the frames of Pulumi's runtime, which say nothing to a user. `util.inspect` with colours, with which Pulumi formats
 * every error, takes half a minute for a frame such as `node_modules/@pulumi/output.ts`, which names no file below a package.
 */
function ownFrames(stack: string | undefined): string | undefined {
  return stack
    ?.split("\n")
    .filter((line) => !/^\s+at .*node_modules[\\/]@pulumi[\\/]/.test(line))
    .join("\n");
}

/** One thing wrong with the arguments of a lookup. */
export interface ArgumentProblem {
  /** Where, as a Pulumi property path: `pageSize`, `ids[2]`, `tags["a b"]`. */
  readonly property: string;
  /** What is wrong there, what was expected and what was given. */
  readonly reason: string;
}

/**
 * The arguments, or the options, were refused before any request was made. `code` is `InvalidArguments`.
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
 *       console.error(property, reason); // pageSize must be a whole number from 1 to 100, but is the number 0
 *     }
 *   }
 * }
 * ```
 */
export class ArgumentError extends OutboundBotError {
  static {
    identify(ArgumentError, "ArgumentError");
  }

  /** Everything that is wrong, not only the first thing found. */
  readonly problems: readonly ArgumentProblem[];

  /**
   * For this package's own use.
   *
   * @param called the function or the resource that was called, for the message.
   * @param problems everything that is wrong.
   */
  constructor(called: string, problems: readonly ArgumentProblem[]) {
    const lines = problems.map(({ property, reason }) =>
      property === "" ? reason : `${property}: ${reason}`,
    );
    const message =
      lines.length === 1
        ? `${called} was not run: ${lines[0]}`
        : `${called} was not run, ${lines.length} problems:\n${lines.map((line) => `  - ${line}`).join("\n")}`;
    super("InvalidArguments", message);
    this.problems = problems;
  }

  static override isInstance(value: unknown): value is ArgumentError {
    return value instanceof ArgumentError;
  }
}

/**
 * A setting (region, endpoint, credentials, …) is missing or cannot be used, so that no call could be sent.
 *
 * `code` is `InvalidSetting`, `InvalidEndpoint`, `UnknownRegion`, `IncompleteCredentials` (half an access key) or
 * `NoCredentials` (a way to sign in that leads nowhere, or none at all).
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
   * The setting at fault, as a user sets it: a configuration key such as `outboundbot:region`, or an environment variable;
   * `undefined` where it is not one setting.
   */
  readonly setting: string | undefined;

  /**
   * For this package's own use.
   *
   * @param code what failed, in one word.
   * @param reason which setting, and why, in sentences.
   * @param details what else is known; `setting` is the key or the variable at fault.
   */
  constructor(
    code: string,
    reason: string,
    details: ErrorDetails & { readonly setting?: string | undefined } = {},
  ) {
    super(code, reason, details);
    this.setting = details.setting;
  }

  static override isInstance(value: unknown): value is SettingsError {
    return value instanceof SettingsError;
  }
}

/** What is known of a call to the service that failed. */
export interface FailedCall {
  /** What was called: the API's action `ListInstances`, or a call that signing in takes, such as `AssumeRole`. */
  readonly action: string;
  /** Where the call went, as `https://host` or `https://host:port`. */
  readonly endpoint: string;
  /** The HTTP status of the answer, or of the failure that a body with status 200 admits; absent when there was none. */
  readonly statusCode?: number | undefined;
  /** The service's `RequestId`, which its support asks for; absent when the answer had none. */
  readonly requestId?: string | undefined;
  /** How long the service asked callers to wait, in milliseconds; absent when it did not say. */
  readonly retryAfter?: number | undefined;
  /** The request parameter that the service refused; absent when it did not say. */
  readonly refusedParameter?: string | undefined;
}

/**
 * The service answered, and the answer is a failure or cannot be read.
 *
 * `code` is the service's `Code` (`Throttling.User`, `Forbidden.RAM`, …), or `UnreadableResponse`, `EmptyResponse`
 * or `UnexpectedRedirect` when the answer is not one of the service's, or `UnknownError` when it failed without a code.
 * STS refuses with this kind too.
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
  /** The HTTP status of the answer, or of the failure that a body with status 200 admits. */
  readonly statusCode: number;
  readonly requestId: string | undefined;
  readonly retryAfter: number | undefined;
  readonly refusedParameter: string | undefined;

  /**
   * For this package's own use.
   *
   * @param code the service's `Code`.
   * @param reason what was called and what came back, in sentences.
   * @param call the call that failed.
   * @param details what else is known.
   */
  constructor(
    code: string,
    reason: string,
    call: FailedCall & { readonly statusCode: number },
    details?: ErrorDetails,
  ) {
    super(code, reason, details);
    this.action = call.action;
    this.endpoint = call.endpoint;
    this.statusCode = call.statusCode;
    this.requestId = call.requestId;
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
 * No whole answer arrived: the host is unknown, refused the connection, closed it early or took too long.
 *
 * `code` is one of `UnknownHost`, `ConnectionRefused`, `ConnectionReset`, `TruncatedResponse`, `CallTimeout`,
 * `ProxyFailure`, `TlsFailure`, `UnreadableResponse`, `ConnectionFailed` or `LookupTimeout`.
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
  /** The HTTP status of the answer that broke off; `undefined` when none had begun. */
  readonly statusCode: number | undefined;
  /** The service's `RequestId`, from the headers of the answer that broke off; `undefined` when there was none. */
  readonly requestId: string | undefined;

  /**
   * For this package's own use.
   *
   * @param code why no whole answer came, as one word.
   * @param reason what was called and what happened, in sentences.
   * @param call the call that failed.
   * @param details what else is known.
   */
  constructor(code: string, reason: string, call: FailedCall, details?: ErrorDetails) {
    super(code, reason, details);
    this.action = call.action;
    this.endpoint = call.endpoint;
    this.statusCode = call.statusCode;
    this.requestId = call.requestId;
  }

  static override isInstance(value: unknown): value is ConnectionError {
    return value instanceof ConnectionError;
  }
}

/**
 * The pages do not make one list: the list kept changing while it was read, or the service counts it wrongly.
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
 *     console.error("The list changed meanwhile; start again.");
 *   }
 * }
 * ```
 */
export class InconsistentListError extends OutboundBotError {
  static {
    identify(InconsistentListError, "InconsistentListError");
  }

  /**
   * For this package's own use.
   *
   * @param reason what does not agree, in sentences.
   * @param details what else is known.
   */
  constructor(reason: string, details?: ErrorDetails) {
    super("InconsistentList", reason, details);
  }

  static override isInstance(value: unknown): value is InconsistentListError {
    return value instanceof InconsistentListError;
  }
}

/** An item that might have been meant. */
export interface SelectionCandidate {
  /** The item's id. */
  readonly id: string;
  /** The item's name; empty when the service returned none. */
  readonly name: string;
}

/** An instance that might have been meant. */
export interface Candidate extends SelectionCandidate {
  /** The instance's name (the API's `InstanceName`), the same as `name`. */
  readonly instanceName: string;
}

/**
 * A function that finds exactly one item, such as `getScript`, found none or several. `code` is the item's, such as `ScriptNotFound` or
 * `SeveralScriptsFound`. For instances the error is an {@link InstanceSelectionError}.
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

  /** Every item that matched, in the order of a result: none, or more than one. */
  readonly candidates: readonly Item[];

  /**
   * For this package's own use.
   *
   * @param code whether there was none, or more than one.
   * @param reason what was asked, and what matched it.
   * @param candidates every item that matched.
   * @param details what else is known.
   */
  constructor(code: string, reason: string, candidates: readonly Item[], details?: ErrorDetails) {
    super(code, reason, details);
    this.candidates = candidates;
  }

  static override isInstance(value: unknown): value is SelectionError {
    return value instanceof SelectionError;
  }
}

/**
 * `getInstance` did not find exactly one instance. `code` is `InstanceNotFound` or `SeveralInstancesFound`.
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
   * For this package's own use.
   *
   * @param code whether there was none, or more than one.
   * @param reason what was asked, and what matched it.
   * @param candidates every instance that matched.
   * @param details what else is known.
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
      candidates.map(({ id, name }) => ({ id, name, instanceName: name })),
      details,
    );
  }

  static override isInstance(value: unknown): value is InstanceSelectionError {
    return value instanceof InstanceSelectionError;
  }
}

/**
 * The file of `outputFile` could not be written; whatever was there before is untouched. `code` is `OutputFileNotWritten`.
 *
 * @example
 * ```ts
 * import { getInstances, OutputFileError } from "pulumi-outboundbot";
 *
 * try {
 *   await getInstances({ outputFile: "build/bots.json" });
 * } catch (error) {
 *   if (OutputFileError.isInstance(error)) {
 *     console.error(error.message); // outputFile: the folder of … does not exist; create it first
 *   }
 * }
 * ```
 */
export class OutputFileError extends OutboundBotError {
  static {
    identify(OutputFileError, "OutputFileError");
  }

  /**
   * For this package's own use.
   *
   * @param reason which file, and why.
   * @param details what else is known.
   */
  constructor(reason: string, details?: ErrorDetails) {
    super("OutputFileNotWritten", reason, details);
  }

  static override isInstance(value: unknown): value is OutputFileError {
    return value instanceof OutputFileError;
  }
}
