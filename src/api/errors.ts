/**
 * A stack without the frames of Pulumi's runtime, which tell a user nothing. Some of them, such as `node_modules/@pulumi/output.ts`
 * in the SDK's source maps, name no file below a package, and `util.inspect` with colours, by which Pulumi formats every error,
 * takes half a minute for such a one.
 */
function ownFrames(stack: string | undefined): string | undefined {
  return stack
    ?.split("\n")
    .filter((line) => !/^\s+at .*node_modules[\\/]@pulumi[\\/]/.test(line))
    .join("\n");
}

const brand = Symbol.for("pulumi-outboundbot.OutboundBotError");

/**
 * The base of every error that this package throws on purpose.
 *
 * `code` is stable and meant for programs; `message` is meant for people and may change.
 */
export class OutboundBotError extends Error {
  /** What went wrong, as one word: the service's own `Code` where it gave one, else one of this package's. */
  readonly code: string;

  // Not the language's ErrorOptions, which is newer than the target of a new Pulumi project.
  constructor(code: string, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
    Object.defineProperty(this, "name", { value: new.target.name, configurable: true });
    Object.defineProperty(this, brand, { value: true });
    // Pulumi prints an error with this mark as its message; any other it takes for a defect and prints with its stack.
    Object.defineProperty(this, "__pulumiRunError", { value: true });
    Object.defineProperty(this, "stack", {
      value: ownFrames(this.stack),
      writable: true,
      configurable: true,
    });
  }

  /** Whether `value` is an error of this package, even one that another copy of the package threw. */
  static isInstance(value: unknown): value is OutboundBotError {
    return value instanceof Error && brand in value;
  }
}

/** One thing wrong with the arguments of a lookup. */
export interface ArgumentProblem {
  /** Where, as a Pulumi property path: `pageSize`, `ids[2]`, `tags["a b"]`. */
  readonly property: string;
  /** What is wrong there, what was expected and what was given. */
  readonly reason: string;
}

/** The arguments were refused before any request was made. `code` is `InvalidArguments`. */
export class ArgumentError extends OutboundBotError {
  /** Everything that is wrong, not only the first thing found. */
  readonly problems: readonly ArgumentProblem[];

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
    return OutboundBotError.isInstance(value) && value.name === "ArgumentError";
  }
}

/** A setting (region, endpoint, credentials, …) is missing or cannot be used. No request to the service was made. */
export class SettingsError extends OutboundBotError {
  static override isInstance(value: unknown): value is SettingsError {
    return OutboundBotError.isInstance(value) && value.name === "SettingsError";
  }
}

/** What is known of a call to the service that failed. */
export interface FailedCall {
  /** The API's action, such as `ListInstances`. */
  readonly action: string;
  /** Where the call went, as `https://host` or `https://host:port`. */
  readonly endpoint: string;
  /** The HTTP status of the answer; absent when there was none. */
  readonly statusCode?: number | undefined;
  /** The service's `RequestId`, which its support asks for; absent when the answer had none. */
  readonly requestId?: string | undefined;
  /** How long the service asked to be left alone, in milliseconds; absent when it did not say. */
  readonly retryAfter?: number | undefined;
}

/**
 * The service answered, and the answer is a failure or cannot be read.
 *
 * `code` is the service's `Code` (`Throttling.User`, `Forbidden.RAM`, …), or `UnreadableResponse`, `EmptyResponse`
 * or `UnexpectedRedirect` when the answer is not one of the service's.
 */
export class ServiceError extends OutboundBotError implements FailedCall {
  readonly action: string;
  readonly endpoint: string;
  readonly statusCode: number;
  readonly requestId: string | undefined;
  readonly retryAfter: number | undefined;

  constructor(
    code: string,
    message: string,
    call: FailedCall & { readonly statusCode: number },
    options?: { cause?: unknown },
  ) {
    super(code, message, options);
    this.action = call.action;
    this.endpoint = call.endpoint;
    this.statusCode = call.statusCode;
    this.requestId = call.requestId;
    this.retryAfter = call.retryAfter;
  }

  static override isInstance(value: unknown): value is ServiceError {
    return OutboundBotError.isInstance(value) && value.name === "ServiceError";
  }
}

/**
 * No whole answer arrived: the host is unknown, refused the connection, closed it early or took too long.
 *
 * `code` is one of `UnknownHost`, `ConnectionRefused`, `ConnectionReset`, `TruncatedResponse`, `CallTimeout`,
 * `ProxyFailure`, `TlsFailure`, `UnreadableResponse`, `ConnectionFailed` or `LookupTimeout`.
 */
export class ConnectionError extends OutboundBotError implements FailedCall {
  readonly action: string;
  readonly endpoint: string;
  readonly statusCode: number | undefined;
  readonly requestId: string | undefined;

  constructor(code: string, message: string, call: FailedCall, options?: { cause?: unknown }) {
    super(code, message, options);
    this.action = call.action;
    this.endpoint = call.endpoint;
    this.statusCode = call.statusCode;
    this.requestId = call.requestId;
  }

  static override isInstance(value: unknown): value is ConnectionError {
    return OutboundBotError.isInstance(value) && value.name === "ConnectionError";
  }
}

/**
 * The pages do not make one list: the list kept changing while it was read, or the service counts it wrongly.
 * `code` is `InconsistentList`.
 */
export class InconsistentListError extends OutboundBotError {
  constructor(message: string, options?: { cause?: unknown }) {
    super("InconsistentList", message, options);
  }

  static override isInstance(value: unknown): value is InconsistentListError {
    return OutboundBotError.isInstance(value) && value.name === "InconsistentListError";
  }
}

/** An instance that might have been meant. */
export interface Candidate {
  readonly id: string;
  readonly instanceName?: string | undefined;
}

/**
 * `getInstance` did not find exactly one instance. `code` is `InstanceNotFound` or `SeveralInstancesFound`.
 */
export class InstanceSelectionError extends OutboundBotError {
  /** Every instance that matched: none, or more than one. */
  readonly candidates: readonly Candidate[];

  constructor(
    code: "InstanceNotFound" | "SeveralInstancesFound",
    message: string,
    candidates: readonly Candidate[],
  ) {
    super(code, message);
    this.candidates = candidates;
  }

  static override isInstance(value: unknown): value is InstanceSelectionError {
    return OutboundBotError.isInstance(value) && value.name === "InstanceSelectionError";
  }
}

/** The file of `outputFile` could not be written; whatever was there before is untouched. `code` is `OutputFileNotWritten`. */
export class OutputFileError extends OutboundBotError {
  constructor(message: string, options?: { cause?: unknown }) {
    super("OutputFileNotWritten", message, options);
  }

  static override isInstance(value: unknown): value is OutputFileError {
    return OutboundBotError.isInstance(value) && value.name === "OutputFileError";
  }
}
