import { createHmac } from "node:crypto";
import { canonicalQuery, percentEncode, sameSignature } from "./canonical.js";
import { parameter, type ServiceRequest } from "./request.js";
import { invalidParameter, missingParameter } from "./serviceError.js";
import type { SignedRequest } from "./signedRequest.js";

/** Reads the parameters of signature version 1.0, which the vendor's command-line client and older SDKs send. */
export function readVersion1Signature(request: ServiceRequest, signature: string): SignedRequest {
  expect(request, "SignatureMethod", "HMAC-SHA1");
  expect(request, "SignatureVersion", "1.0");
  return {
    accessKeyId: required(request, "AccessKeyId"),
    date: required(request, "Timestamp"),
    nonce: required(request, "SignatureNonce"),
    securityToken: parameter(request, "SecurityToken") || undefined,
    isSignedWith: (secret) => sameSignature(signatureOf(request, secret), Buffer.from(signature, "base64")),
  };
}

function signatureOf(request: ServiceRequest, secret: string): Buffer {
  const signed = new Map([...request.form, ...request.query]);
  signed.delete("Signature");
  const stringToSign = `${request.method}&${percentEncode("/")}&${percentEncode(canonicalQuery(signed))}`;
  return createHmac("sha1", `${secret}&`).update(stringToSign).digest();
}

function expect(request: ServiceRequest, name: string, value: string): void {
  if (required(request, name) === value) {
    return;
  }
  throw invalidParameter(name, `The parameter ${name} must be ${value}.`);
}

function required(request: ServiceRequest, name: string): string {
  const value = parameter(request, name);
  if (value === undefined || value === "") {
    throw missingParameter(name);
  }
  return value;
}
