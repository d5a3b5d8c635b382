import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { header, parameter, type ServiceRequest } from "./request.js";
import { invalidParameter, missingParameter, ServiceError } from "./serviceError.js";

/** The facts that both kinds of signature contain. */
export interface SignedRequest {
  readonly accessKeyId: string;
  /** The client's time, in ISO 8601 format and UTC. */
  readonly date: string;
  /** The client's nonce, unique for each request. */
  readonly nonce: string;
  readonly securityToken: string | undefined;
  isSignedWith(accessKeySecret: string): boolean;
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

/** Compares two signatures in constant time. */
function sameSignature(ours: Buffer, theirs: Buffer): boolean {
  return ours.length === theirs.length && timingSafeEqual(ours, theirs);
}

/** Reads the parameters of signature version 1.0, which the vendor's command-line client and older SDKs use. */
export function readVersion1Signature(request: ServiceRequest, signature: string): SignedRequest {
  expect(request, "SignatureMethod", "HMAC-SHA1");
  expect(request, "SignatureVersion", "1.0");
  return {
    accessKeyId: requiredParameter(request, "AccessKeyId"),
    date: requiredParameter(request, "Timestamp"),
    nonce: requiredParameter(request, "SignatureNonce"),
    securityToken: parameter(request, "SecurityToken") || undefined,
    isSignedWith: (secret) =>
      sameSignature(version1SignatureOf(request, secret), Buffer.from(signature, "base64")),
  };
}

function version1SignatureOf(request: ServiceRequest, secret: string): Buffer {
  const signed = new Map([...request.form, ...request.query]);
  signed.delete("Signature");
  const stringToSign = `${request.method}&${percentEncode("/")}&${percentEncode(canonicalQuery(signed))}`;
  return createHmac("sha1", `${secret}&`).update(stringToSign).digest();
}

function expect(request: ServiceRequest, name: string, value: string): void {
  if (requiredParameter(request, name) === value) {
    return;
  }
  throw invalidParameter(name, `The parameter ${name} must be ${value}.`);
}

function requiredParameter(request: ServiceRequest, name: string): string {
  const value = parameter(request, name);
  if (value === undefined || value === "") {
    throw missingParameter(name);
  }
  return value;
}

const algorithm = "ACS3-HMAC-SHA256";
const authorizationForm =
  /^ACS3-HMAC-SHA256\s+Credential=([^,\s]+),\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/;

/** Reads the headers of signature version 3, which every current SDK of the vendor uses. */
export function readAcs3Signature(request: ServiceRequest, authorization: string): SignedRequest {
  const [, accessKeyId, signedHeaders, signature] = authorizationForm.exec(authorization) ?? [];
  if (accessKeyId === undefined || signedHeaders === undefined || signature === undefined) {
    throw incomplete(
      `The Authorization header must read ${algorithm} Credential=…,SignedHeaders=…,Signature=….`,
    );
  }
  const contentHash = requiredHeader(request, "x-acs-content-sha256");
  const signedNames = signedHeaders.split(";");
  refuseUnsignedHeaders(request, signedNames);
  if (contentHash !== createHash("sha256").update(request.body).digest("hex")) {
    throw incomplete("The header x-acs-content-sha256 is not the SHA-256 of the body.");
  }
  return {
    accessKeyId,
    date: requiredHeader(request, "x-acs-date"),
    nonce: requiredHeader(request, "x-acs-signature-nonce"),
    securityToken: header(request, "x-acs-security-token"),
    isSignedWith: (secret) =>
      sameSignature(
        acs3SignatureOf(request, signedNames, contentHash, secret),
        Buffer.from(signature, "hex"),
      ),
  };
}

function acs3SignatureOf(
  request: ServiceRequest,
  signedNames: readonly string[],
  contentHash: string,
  secret: string,
): Buffer {
  const canonicalRequest = [
    request.method,
    request.path,
    canonicalQuery(request.query),
    ...signedNames.map((name) => `${name}:${(header(request, name) ?? "").trim()}`),
    "",
    signedNames.join(";"),
    contentHash,
  ].join("\n");
  const hash = createHash("sha256").update(canonicalRequest).digest("hex");
  return createHmac("sha256", secret).update(`${algorithm}\n${hash}`).digest();
}

/** Rejects a relevant header that isn't signed, because it could be changed in transit. */
function refuseUnsignedHeaders(request: ServiceRequest, signedNames: readonly string[]): void {
  const mustBeSigned = Object.keys(request.headers).filter(
    (name) => name.startsWith("x-acs-") || name === "host" || name === "content-type",
  );
  const unsigned = mustBeSigned.filter((name) => !signedNames.includes(name));
  if (unsigned.length > 0) {
    throw incomplete(`These headers must be signed: ${unsigned.join(", ")}.`);
  }
}

function requiredHeader(request: ServiceRequest, name: string): string {
  const value = header(request, name);
  if (value === undefined) {
    throw missingParameter(name);
  }
  return value;
}

function incomplete(message: string): ServiceError {
  return new ServiceError("IncompleteSignature", 400, message);
}
