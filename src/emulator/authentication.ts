import { header, parameter, type ServiceRequest } from "./request.js";
import { missingParameter, ServiceError } from "./serviceError.js";
import { readAcs3Signature, readVersion1Signature, type SignedRequest } from "./signatures.js";

/** The only caller that the emulator accepts. */
export interface Caller {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly securityToken: string | undefined;
}

const acceptedSkew = 15 * 60_000;
const dateForm = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

/** Authenticates a request in the service's order: key, time, signature, token, nonce. */
export class Authentication {
  readonly #nonces = new Nonces(100_000);

  constructor(
    readonly caller: Caller,
    /** The service's clock, in milliseconds since the Unix epoch. */
    readonly now: () => number,
  ) {}

  /** Throws the service's error unless the request comes from the accepted caller. */
  check(signed: SignedRequest): void {
    if (signed.accessKeyId !== this.caller.accessKeyId) {
      throw new ServiceError("InvalidAccessKeyId.NotFound", 404, "Specified access key is not found.");
    }
    this.#checkTime(signed.date);
    if (!signed.isSignedWith(this.caller.accessKeySecret)) {
      throw new ServiceError(
        "SignatureDoesNotMatch",
        400,
        "Specified signature is not matched with our calculation. Please check the access key secret.",
      );
    }
    this.#checkToken(signed.securityToken);
    if (!this.#nonces.use(signed.nonce)) {
      throw new ServiceError("SignatureNonceUsed", 400, "Specified signature nonce was used already.");
    }
  }

  #checkTime(date: string): void {
    const time = dateForm.test(date) ? Date.parse(date) : Number.NaN;
    if (Number.isNaN(time)) {
      throw new ServiceError(
        "InvalidTimeStamp.Format",
        400,
        "Specified time stamp or date value is not well formatted: it must read like 2019-12-26T12:00:00Z.",
      );
    }
    const now = this.now();
    if (Math.abs(now - time) > acceptedSkew) {
      throw new ServiceError(
        "InvalidTimeStamp.Expired",
        400,
        `Specified time stamp or date value is expired: the request says ${new Date(time).toISOString()}, ` +
          `the service's clock says ${new Date(now).toISOString()}, and they may be 15 minutes apart at most.`,
      );
    }
  }

  #checkToken(token: string | undefined): void {
    if (token === this.caller.securityToken) {
      return;
    }
    if (token === undefined) {
      throw new ServiceError("MissingSecurityToken", 400, "SecurityToken is mandatory for this action.");
    }
    throw new ServiceError(
      "InvalidSecurityToken.MismatchWithAccessKey",
      403,
      "Specified SecurityToken does not belong to the access key.",
    );
  }
}

/** Reads the signature of a request, of either kind. */
export function readSignature(request: ServiceRequest): SignedRequest {
  const authorization = header(request, "authorization");
  if (authorization !== undefined) {
    return readAcs3Signature(request, authorization);
  }
  const signature = parameter(request, "Signature");
  if (signature === undefined) {
    throw missingParameter("AccessKeyId");
  }
  return readVersion1Signature(request, signature);
}

/**
 * The latest nonces, up to `capacity`. The emulator rejects a request older than these nonces because of its time, at any
 * realistic call rate.
 */
export class Nonces {
  readonly #seen = new Set<string>();

  constructor(readonly capacity: number) {}

  /** Returns `false` if the nonce was used before. */
  use(nonce: string): boolean {
    if (this.#seen.has(nonce)) {
      return false;
    }
    this.#seen.add(nonce);
    if (this.#seen.size > this.capacity) {
      const [oldest] = this.#seen;
      if (oldest !== undefined) {
        this.#seen.delete(oldest);
      }
    }
    return true;
  }
}
