import { status } from "@grpc/grpc-js";
import { CheckFailure, type InvokeRequest, InvokeResponse } from "@pulumi/pulumi/proto/provider_pb.js";
import { ArgumentError } from "../errors/errors.js";
import type { LookupContext } from "../lookup/lookup.js";
import type { Provider } from "./providers.js";
import { type CallOrigin, StatusError } from "./unary.js";
import { decode, encode } from "./values.js";

type Find = (args: unknown, context: LookupContext) => Promise<object>;

/** The functions of the schema, by token. The lookup, among it the vendor's SDK, takes long to load. */
const functions: Readonly<Record<string, Find>> = {
  "outboundbot:index:getInstances": async (args, context) => {
    const { instanceLookup }: typeof import("../lookup/instances.js") = require("../lookup/instances.js");
    return instanceLookup.all("getInstances", args, context);
  },
  "outboundbot:index:getInstance": async (args, context) => {
    const { instanceLookup }: typeof import("../lookup/instances.js") = require("../lookup/instances.js");
    return instanceLookup.one("getInstance", args, context);
  },
};

/** Runs a function. Bad arguments are failures with their property's path; all else that goes wrong is an error. */
export async function invoke(
  request: InvokeRequest,
  { signal }: CallOrigin,
  provider: Provider,
): Promise<InvokeResponse> {
  const token = request.getTok();
  const find = Object.hasOwn(functions, token) ? functions[token] : undefined;
  if (find === undefined) {
    throw new StatusError(status.INVALID_ARGUMENT, `The outboundbot provider has no function ${token}.`);
  }
  const { values, secrets } = decode(request.getArgs());
  const response = new InvokeResponse();
  try {
    const result = Object.fromEntries(Object.entries(await find(values, provider.context(signal))));
    response.setReturn(encode(result, secrets.size > 0 ? Object.keys(result) : []));
  } catch (error) {
    if (!ArgumentError.isInstance(error)) {
      throw error;
    }
    response.setFailuresList(error.problems.map(({ property, reason }) => toFailure(property, reason)));
  }
  return response;
}

/** One thing wrong, and where. */
export function toFailure(property: string, reason: string): CheckFailure {
  const failure = new CheckFailure();
  failure.setProperty(property);
  failure.setReason(reason);
  return failure;
}
