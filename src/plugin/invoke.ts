import { status } from "@grpc/grpc-js";
import { CheckFailure, type InvokeRequest, InvokeResponse } from "@pulumi/pulumi/proto/provider_pb.js";
import type { Provider } from "./providers.js";
import { type CallOrigin, StatusError } from "./unary.js";
import { decode, encode } from "./values.js";

/**
 * Runs a function. Every failure is an error, even invalid arguments: `pulumi do` ignores the failures of a response and reports
 * success.
 */
export async function invoke(
  request: InvokeRequest,
  { signal }: CallOrigin,
  provider: Provider,
): Promise<InvokeResponse> {
  const token = request.getTok();
  // Loaded on first use, because the lookups and the vendor's SDK load slowly.
  const { functions }: typeof import("../lookup/functions.js") = require("../lookup/functions.js");
  const find = functions.get(token.replace(/^outboundbot:index:/, ""));
  if (find === undefined) {
    throw new StatusError(status.INVALID_ARGUMENT, `The outboundbot provider has no function ${token}.`);
  }
  const { values, secrets } = decode(request.getArgs());
  const found = await provider.run(signal, (context) => find(values, context));
  const result = Object.fromEntries(Object.entries(found));
  const response = new InvokeResponse();
  response.setReturn(encode(result, secrets.size > 0 ? Object.keys(result) : []));
  return response;
}

/** Returns a failure for one property. */
export function toFailure(property: string, reason: string): CheckFailure {
  const failure = new CheckFailure();
  failure.setProperty(property);
  failure.setReason(reason);
  return failure;
}
