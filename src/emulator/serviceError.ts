/**
 * An error that the service returns, with error code, HTTP status and message. Thrown anywhere while a call is processed; it
 * becomes the body of the response.
 */
export class ServiceError extends Error {
  override readonly name = "ServiceError";

  constructor(
    /** The service's error code, such as `Throttling.User`. */
    readonly code: string,
    /** The HTTP status of the response. */
    readonly status: number,
    message: string,
    /** Additional response headers. */
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
