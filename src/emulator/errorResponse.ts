/** The errors of the service that the emulator returns, with their HTTP status and message. */
const known: Readonly<Record<string, readonly [status: number, message: string]>> = {
  "Forbidden.RAM": [403, "User not authorized to operate on the specified resource."],
  InternalError: [500, "The request processing has failed due to some unknown error."],
  "InvalidAccessKeyId.NotFound": [404, "Specified access key is not found."],
  "InvalidApi.NotFound": [404, "Specified api is not found: the emulator serves three actions, at /."],
  "InvalidSecurityToken.MismatchWithAccessKey": [403, "SecurityToken does not belong to the access key."],
  InvalidVersion: [400, "Specified parameter Version is not valid: the emulator serves 2019-12-26."],
  MisdirectedRequest: [421, "The emulator answers only to 127.0.0.1, localhost and [::1]."],
  MissingSecurityToken: [400, "SecurityToken is mandatory for this action."],
  "NotExist.Instance": [404, "The specified Instance does not exist."],
  ServiceUnavailable: [503, "The request has failed due to a temporary failure of the server."],
  SignatureDoesNotMatch: [400, "Specified signature is not matched with our calculation."],
  SignatureNonceUsed: [400, "Specified signature nonce was used already."],
  "Throttling.User": [400, "Request was denied due to user flow control."],
  UnsupportedFormat: [400, "The emulator supports only JSON."],
  UnsupportedHTTPMethod: [405, "This http method is not supported."],
};

/** An error that the service returns. Thrown anywhere while a call is processed; it becomes the response. */
export class ErrorResponse extends Error {
  override readonly name = "ErrorResponse";
  /** The HTTP status that is usual for the code. */
  readonly status: number;

  /** @param code the service's error code, such as `Throttling.User`. */
  constructor(
    readonly code: string,
    message?: string,
  ) {
    const [status, usual] = known[code] ?? [400, `The emulator injected the error ${code}.`];
    super(message ?? usual);
    this.status = status;
  }
}

export function invalidParameter(name: string, problem: string): ErrorResponse {
  return new ErrorResponse(`InvalidParameter.${name}`, `The parameter ${name} is not valid. ${problem}`);
}
