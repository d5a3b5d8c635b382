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
  /** What went wrong, as one word: the service's own `Code` where it gave one, else one of this package's. */
  readonly code: string;

  /**
   * For this package's own use.
   *
   * @param code what went wrong, as one word.
   * @param message what was asked, what came back and what to do, in sentences.
   * @param options `cause`: the error behind this one.
   */
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

  /**
   * Whether a value is an error of this package, even one that another copy of the package threw.
   *
   * @param value whatever was caught.
   * @returns true for an error of any of this package's kinds.
   */
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

  /**
   * Whether a value is an `ArgumentError`, of this copy of the package or another one.
   *
   * @param value whatever was caught.
   * @returns true for an error of this kind.
   */
  static override isInstance(value: unknown): value is ArgumentError {
    return OutboundBotError.isInstance(value) && value.name === "ArgumentError";
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
  /**
   * Whether a value is a `SettingsError`, of this copy of the package or another one.
   *
   * @param value whatever was caught.
   * @returns true for an error of this kind.
   */
  static override isInstance(value: unknown): value is SettingsError {
    return OutboundBotError.isInstance(value) && value.name === "SettingsError";
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
  /** How long the service asked to be left alone, in milliseconds; absent when it did not say. */
  readonly retryAfter?: number | undefined;
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
  /** What was called: the API's action `ListInstances`, or a call that signing in takes, such as `AssumeRole`. */
  readonly action: string;
  /** Where the call went, as `https://host` or `https://host:port`. */
  readonly endpoint: string;
  /** The HTTP status of the answer, or of the failure that a body with status 200 admits. */
  readonly statusCode: number;
  /** The service's `RequestId`, which its support asks for; `undefined` when the answer had none. */
  readonly requestId: string | undefined;
  /** How long the service asked to be left alone, in milliseconds; `undefined` when it did not say. */
  readonly retryAfter: number | undefined;

  /**
   * For this package's own use.
   *
   * @param code the service's `Code`.
   * @param message what was asked, what came back and what to do, in sentences.
   * @param call the call that failed.
   * @param options `cause`: the error behind this one.
   */
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

  /**
   * Whether a value is a `ServiceError`, of this copy of the package or another one.
   *
   * @param value whatever was caught.
   * @returns true for an error of this kind.
   */
  static override isInstance(value: unknown): value is ServiceError {
    return OutboundBotError.isInstance(value) && value.name === "ServiceError";
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
  /** What was called: the API's action `ListInstances`, or a call that signing in takes, such as `AssumeRole`. */
  readonly action: string;
  /** Where the call went, as `https://host` or `https://host:port`. */
  readonly endpoint: string;
  /** The HTTP status of the answer that broke off; `undefined` when none had begun. */
  readonly statusCode: number | undefined;
  /** The service's `RequestId`, from the headers of the answer that broke off; `undefined` when there was none. */
  readonly requestId: string | undefined;

  /**
   * For this package's own use.
   *
   * @param code why no whole answer came, as one word.
   * @param message what was asked, what happened and what to do, in sentences.
   * @param call the call that failed.
   * @param options `cause`: the error behind this one.
   */
  constructor(code: string, message: string, call: FailedCall, options?: { cause?: unknown }) {
    super(code, message, options);
    this.action = call.action;
    this.endpoint = call.endpoint;
    this.statusCode = call.statusCode;
    this.requestId = call.requestId;
  }

  /**
   * Whether a value is a `ConnectionError`, of this copy of the package or another one.
   *
   * @param value whatever was caught.
   * @returns true for an error of this kind.
   */
  static override isInstance(value: unknown): value is ConnectionError {
    return OutboundBotError.isInstance(value) && value.name === "ConnectionError";
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
  /**
   * For this package's own use.
   *
   * @param message what does not agree, and what to do, in sentences.
   * @param options `cause`: the contradiction that was found.
   */
  constructor(message: string, options?: { cause?: unknown }) {
    super("InconsistentList", message, options);
  }

  /**
   * Whether a value is an `InconsistentListError`, of this copy of the package or another one.
   *
   * @param value whatever was caught.
   * @returns true for an error of this kind.
   */
  static override isInstance(value: unknown): value is InconsistentListError {
    return OutboundBotError.isInstance(value) && value.name === "InconsistentListError";
  }
}

/** An instance that might have been meant. */
export interface Candidate {
  /** The instance's id (the API's `InstanceId`). */
  readonly id: string;
  /** The instance's name (the API's `InstanceName`); absent when it has none. */
  readonly instanceName?: string | undefined;
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
export class InstanceSelectionError extends OutboundBotError {
  /** Every instance that matched, oldest first: none, or more than one. */
  readonly candidates: readonly Candidate[];

  /**
   * For this package's own use.
   *
   * @param code whether there was none, or more than one.
   * @param message what was asked, and what matched it.
   * @param candidates every instance that matched.
   */
  constructor(
    code: "InstanceNotFound" | "SeveralInstancesFound",
    message: string,
    candidates: readonly Candidate[],
  ) {
    super(code, message);
    this.candidates = candidates;
  }

  /**
   * Whether a value is an `InstanceSelectionError`, of this copy of the package or another one.
   *
   * @param value whatever was caught.
   * @returns true for an error of this kind.
   */
  static override isInstance(value: unknown): value is InstanceSelectionError {
    return OutboundBotError.isInstance(value) && value.name === "InstanceSelectionError";
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
  /**
   * For this package's own use.
   *
   * @param message which file, and why.
   * @param options `cause`: the system's error.
   */
  constructor(message: string, options?: { cause?: unknown }) {
    super("OutputFileNotWritten", message, options);
  }

  /**
   * Whether a value is an `OutputFileError`, of this copy of the package or another one.
   *
   * @param value whatever was caught.
   * @returns true for an error of this kind.
   */
  static override isInstance(value: unknown): value is OutputFileError {
    return OutboundBotError.isInstance(value) && value.name === "OutputFileError";
  }
}
