import { status } from "@grpc/grpc-js";
import {
  type CheckRequest,
  CheckResponse,
  DiffResponse,
  type ReadRequest,
  ReadResponse,
} from "@pulumi/pulumi/proto/provider_pb.js";
import { loadInstanceLookup } from "./instanceLookup.js";
import { toFailure } from "./invoke.js";
import type { Provider } from "./providers.js";
import { type CallOrigin, StatusError } from "./unary.js";
import { decode, encode } from "./values.js";

/*
 * The resource Instance: an existing bot, read only. It has no inputs, so only the service can change it.
 */

export const instanceType = "outboundbot:index:Instance";

/** Rejects every property, because properties would have no effect. */
export function checkInstance(request: CheckRequest): CheckResponse {
  const response = new CheckResponse();
  response.setInputs(request.getNews());
  response.setFailuresList(
    Object.keys(decode(request.getNews()).values)
      .filter((name) => !name.startsWith("__"))
      .map((name) =>
        toFailure(
          "",
          `${name} is not supported, because an Instance is read-only and has no inputs; remove it`,
        ),
      ),
  );
  return response;
}

export function diffInstance(): DiffResponse {
  const response = new DiffResponse();
  response.setChanges(DiffResponse.DiffChanges.DIFF_NONE);
  return response;
}

/** Rejects updates, because there are no inputs to update. */
export function refuseUpdate(): never {
  throw new StatusError(status.FAILED_PRECONDITION, "Updating Instance failed: the resource is read-only.");
}

export function refuseCreate(): never {
  throw new StatusError(
    status.FAILED_PRECONDITION,
    "Creating Instance failed: the resource is read-only. Create the bot in the OutboundBot console or with the API's CreateInstance, then run `pulumi import outboundbot:index:Instance NAME ID`, or get it by its ID.",
  );
}

/** Reads the bot with the ID. A response without an ID tells the engine that the bot doesn't exist. */
export async function readInstance(
  request: ReadRequest,
  { signal }: CallOrigin,
  provider: Provider,
): Promise<ReadResponse> {
  const args = { ids: [request.getId()] };
  const { instances } = await provider.run(signal, (context) =>
    loadInstanceLookup().all("getInstances", args, context),
  );
  const response = new ReadResponse();
  const [instance] = instances;
  if (instance !== undefined) {
    const { id, ...properties } = instance;
    response.setId(id);
    response.setInputs(encode({}));
    response.setProperties(encode(properties));
  }
  return response;
}
