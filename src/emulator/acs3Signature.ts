import { createHash, createHmac } from "node:crypto";
import { canonicalQuery, sameSignature } from "./canonical.js";
import { header, type ServiceRequest } from "./request.js";
import { missingParameter, ServiceError } from "./serviceError.js";
import type { SignedRequest } from "./signedRequest.js";

const algorithm = "ACS3-HMAC-SHA256";
const authorizationForm =
  /^ACS3-HMAC-SHA256\s+Credential=([^,\s]+),\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/;

/** Reads the headers of signature version 3, which every current SDK of the vendor sends. */
export function readAcs3Signature(request: ServiceRequest, authorization: string): SignedRequest {
  const [, accessKeyId, signedHeaders, signature] = authorizationForm.exec(authorization) ?? [];
  if (accessKeyId === undefined || signedHeaders === undefined || signature === undefined) {
    throw incomplete(
      `The Authorization header must read ${algorithm} Credential=…,SignedHeaders=…,Signature=….`,
    );
  }
  const contentHash = required(request, "x-acs-content-sha256");
  const signedNames = signedHeaders.split(";");
  refuseUnsignedHeaders(request, signedNames);
  if (contentHash !== createHash("sha256").update(request.body).digest("hex")) {
    throw incomplete("The header x-acs-content-sha256 is not the SHA-256 of the body.");
  }
  return {
    accessKeyId,
    date: required(request, "x-acs-date"),
    nonce: required(request, "x-acs-signature-nonce"),
    securityToken: header(request, "x-acs-security-token"),
    isSignedWith: (secret) =>
      sameSignature(signatureOf(request, signedNames, contentHash, secret), Buffer.from(signature, "hex")),
  };
}

function signatureOf(
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

/** A header that means something but is not signed could be changed on the way. */
function refuseUnsignedHeaders(request: ServiceRequest, signedNames: readonly string[]): void {
  const mustBeSigned = Object.keys(request.headers).filter(
    (name) => name.startsWith("x-acs-") || name === "host" || name === "content-type",
  );
  const unsigned = mustBeSigned.filter((name) => !signedNames.includes(name));
  if (unsigned.length > 0) {
    throw incomplete(`These headers must be signed: ${unsigned.join(", ")}.`);
  }
}

function required(request: ServiceRequest, name: string): string {
  const value = header(request, name);
  if (value === undefined) {
    throw missingParameter(name);
  }
  return value;
}

function incomplete(message: string): ServiceError {
  return new ServiceError("IncompleteSignature", 400, message);
}
