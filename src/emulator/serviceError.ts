/**
 * A refusal or a failure as the service states it: an error code, an HTTP status, a message.
 * Thrown anywhere while a call is answered; it becomes the answer's body.
 */
export class ServiceError extends Error {
  override readonly name = "ServiceError";

  constructor(
    /** The service's own code, such as `Throttling.User`. */
    readonly code: string,
    /** The HTTP status of the answer. */
    readonly status: number,
    message: string,
    /** Further response headers. */
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

export function missingParameter(name: string): ServiceError {
  return new ServiceError(
    "MissingParameter",
    400,
    `The input parameter ${name} that is mandatory for processing this request is not supplied.`,
  );
}

export function invalidParameter(name: string, message: string): ServiceError {
  return new ServiceError(`InvalidParameter.${name}`, 400, message);
}

export function throttled(headers: Readonly<Record<string, string>> = {}): ServiceError {
  return new ServiceError(
    "Throttling.User",
    400,
    "Request was denied due to user flow control. Please try again later.",
    headers,
  );
}

export function internalError(): ServiceError {
  return new ServiceError(
    "InternalError",
    500,
    "The request processing has failed due to some unknown error. Please try again later.",
  );
}
