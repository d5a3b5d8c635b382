import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { ErrorResponse, invalidParameter } from "./errorResponse.js";
import type { Settings } from "./options.js";
import { header, parameter, required, type ServiceRequest } from "./request.js";

const acceptedSkew = 15 * 60_000;
const dateForm = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

/** Authenticates a request in the service's order: key, time, signature, token, nonce. */
export class Authentication {
  readonly #nonces = new Nonces(100_000);

  constructor(
    /** The only caller that the emulator accepts, with an empty token if it must not send one. */
    readonly caller: Pick<Settings, "accessKeyId" | "accessKeySecret" | "securityToken">,
    /** The service's clock, in milliseconds since the Unix epoch. */
    readonly now: () => number,
  ) {}

  /** Throws the service's error unless the request comes from the accepted caller. */
  check(signed: SignedRequest): void {
    const { accessKeyId, accessKeySecret, securityToken } = this.caller;
    if (signed.accessKeyId !== accessKeyId) {
      throw new ErrorResponse("InvalidAccessKeyId.NotFound");
    }
    this.#checkTime(signed.date);
    const signature = signed.signatureWith(accessKeySecret);
    if (signature.length !== signed.signature.length || !timingSafeEqual(signature, signed.signature)) {
      throw new ErrorResponse("SignatureDoesNotMatch");
    }
    if (signed.securityToken !== securityToken) {
      throw new ErrorResponse(
        signed.securityToken === "" ? "MissingSecurityToken" : "InvalidSecurityToken.MismatchWithAccessKey",
      );
    }
    if (!this.#nonces.use(signed.nonce)) {
      throw new ErrorResponse("SignatureNonceUsed");
    }
  }

  #checkTime(date: string): void {
    const time = dateForm.test(date) ? Date.parse(date) : Number.NaN;
    if (Number.isNaN(time)) {
      throw new ErrorResponse(
        "InvalidTimeStamp.Format",
        "Specified time stamp or date value is not well formatted: it must read like 2019-12-26T12:00:00Z.",
      );
    }
    const now = this.now();
    if (Math.abs(now - time) > acceptedSkew) {
      throw new ErrorResponse(
        "InvalidTimeStamp.Expired",
        `Specified time stamp or date value is expired: the request says ${new Date(time).toISOString()}, ` +
          `the service's clock says ${new Date(now).toISOString()}, and they may be 15 minutes apart at most.`,
      );
    }
  }
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
    const isNew = !this.#seen.has(nonce);
    this.#seen.add(nonce);
    if (this.#seen.size > this.capacity) {
      const [oldest = ""] = this.#seen;
      this.#seen.delete(oldest);
    }
    return isNew;
  }
}

/** The facts that both kinds of signature contain. */
export interface SignedRequest {
  readonly accessKeyId: string;
  /** The client's time, in ISO 8601 format and UTC. */
  readonly date: string;
  /** The client's nonce, unique for each request. */
  readonly nonce: string;
  /** Empty if there is none. */
  readonly securityToken: string;
  readonly signature: Buffer;
  /** Returns the correct signature of the request for a secret. */
  readonly signatureWith: (accessKeySecret: string) => Buffer;
}

/** Reads the signature of a request, of either kind. */
export function readSignature(request: ServiceRequest): SignedRequest {
  const authorization = header(request, "authorization");
  return authorization === undefined
    ? readVersion1Signature(request)
    : readAcs3Signature(request, authorization);
}

/** Percent-encodes a text as in RFC 3986: all but letters, digits and `-_.~`. */
function percentEncode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Returns the canonical query of both signatures: `a=1&b=2`, encoded and sorted by name. */
function canonicalQuery(parameters: Iterable<readonly [string, string]>): string {
  return [...parameters]
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`)
    .join("&");
}

/** Reads the parameters of signature version 1.0, which the vendor's command-line client and older SDKs use. */
function readVersion1Signature(request: ServiceRequest): SignedRequest {
  const read = (name: string) => required(parameter(request, name), name);
  const accessKeyId = read("AccessKeyId");
  for (const [name, value] of [
    ["SignatureMethod", "HMAC-SHA1"],
    ["SignatureVersion", "1.0"],
  ] as const) {
    if (read(name) !== value) {
      throw invalidParameter(name, `It must be ${value}.`);
    }
  }
  const signed = new Map([...request.form, ...request.query]);
  signed.delete("Signature");
  const stringToSign = `${request.method}&${percentEncode("/")}&${percentEncode(canonicalQuery(signed))}`;
  return {
    accessKeyId,
    date: read("Timestamp"),
    nonce: read("SignatureNonce"),
    securityToken: parameter(request, "SecurityToken") ?? "",
    signature: Buffer.from(read("Signature"), "base64"),
    signatureWith: (secret) => createHmac("sha1", `${secret}&`).update(stringToSign).digest(),
  };
}

const algorithm = "ACS3-HMAC-SHA256";
const authorizationForm =
  /^ACS3-HMAC-SHA256\s+Credential=([^,\s]+),\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/;

/** Reads the headers of signature version 3, which every current SDK of the vendor uses. */
function readAcs3Signature(request: ServiceRequest, authorization: string): SignedRequest {
  const [, accessKeyId, signedHeaders = "", signature = ""] = authorizationForm.exec(authorization) ?? [];
  if (accessKeyId === undefined) {
    throw incomplete(
      `The Authorization header must read ${algorithm} Credential=…,SignedHeaders=…,Signature=….`,
    );
  }
  const read = (name: string) => required(header(request, name), name);
  const contentHash = read("x-acs-content-sha256");
  const signedNames = signedHeaders.split(";");
  // A relevant header that isn't signed could be changed in transit.
  const unsigned = Object.keys(request.headers).filter(
    (name) => /^(x-acs-.*|host|content-type)$/.test(name) && !signedNames.includes(name),
  );
  if (unsigned.length > 0) {
    throw incomplete(`These headers must be signed: ${unsigned.join(", ")}.`);
  }
  if (contentHash !== createHash("sha256").update(request.body).digest("hex")) {
    throw incomplete("The header x-acs-content-sha256 is not the SHA-256 of the body.");
  }
  const canonicalRequest = [
    request.method,
    request.path,
    canonicalQuery(request.query),
    ...signedNames.map((name) => `${name}:${(header(request, name) ?? "").trim()}`),
    "",
    signedHeaders,
    contentHash,
  ].join("\n");
  const hash = createHash("sha256").update(canonicalRequest).digest("hex");
  return {
    accessKeyId,
    date: read("x-acs-date"),
    nonce: read("x-acs-signature-nonce"),
    securityToken: header(request, "x-acs-security-token") ?? "",
    signature: Buffer.from(signature, "hex"),
    signatureWith: (secret) => createHmac("sha256", secret).update(`${algorithm}\n${hash}`).digest(),
  };
}

function incomplete(message: string): ErrorResponse {
  return new ErrorResponse("IncompleteSignature", message);
}
