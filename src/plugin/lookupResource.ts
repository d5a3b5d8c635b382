import { status } from "@grpc/grpc-js";
import {
  type CheckFailure,
  type CheckRequest,
  CheckResponse,
  type CreateRequest,
  CreateResponse,
  type DiffRequest,
  DiffResponse,
  type ReadRequest,
  ReadResponse,
  type UpdateRequest,
  UpdateResponse,
} from "@pulumi/pulumi/proto/provider_pb.js";
import { unknownValue } from "../common/reserved.js";
import { checkFailures } from "../resource/failures.js";
import { checkLookup as checkInputs, hasChanged, newLookupId, readAgain } from "../resource/methods.js";
import {
  idsArgument,
  listed,
  type Properties,
  readInstances,
  resultInputs,
  resultLists,
  toOutputs,
} from "../resource/properties.js";
import { containsUnknown } from "../resource/unknown.js";
import { instanceType } from "./instanceResource.js";
import { toFailure } from "./invoke.js";
import type { Provider } from "./providers.js";
import { type CallOrigin, StatusError } from "./unary.js";
import { type Decoded, decode, encode } from "./values.js";

/*
 * InstanceLookup, based on the methods of the dynamic provider. Adds the type check, previews and secrets, which a dynamic provider
 * doesn't see.
 */

const lookupType = "outboundbot:index:InstanceLookup";

export async function checkLookup(
  request: CheckRequest,
  { signal }: CallOrigin,
  provider: Provider,
): Promise<CheckResponse> {
  requireType(request.getUrn());
  const news = decode(request.getNews());
  const response = new CheckResponse();
  const misplaced = resultFailures(news.values);
  if (misplaced.length > 0) {
    response.setInputs(request.getNews());
    response.setFailuresList(misplaced);
    return response;
  }
  try {
    const inputs = await provider.run(signal, (context) => checkInputs(news.values, context));
    response.setInputs(encode(inputs, secretsOf(news)));
  } catch (error) {
    if (error instanceof StatusError) {
      throw error;
    }
    response.setInputs(request.getNews());
    response.setFailuresList(
      checkFailures(error, inputName).map(({ property, reason }) => toFailure(property, reason)),
    );
  }
  return response;
}

export function diffLookup(request: DiffRequest): DiffResponse {
  requireType(request.getUrn());
  const olds = decode(request.getOlds());
  const news = decode(request.getNews());
  const response = new DiffResponse();
  const { DIFF_NONE, DIFF_SOME, DIFF_UNKNOWN } = DiffResponse.DiffChanges;
  if (!hasChanged(olds.values, news.values)) {
    response.setChanges(DIFF_NONE);
  } else {
    // Lets the engine find the changed keys and print them, unless the result is secret. The keys are IDs.
    response.setChanges(news.secrets.size > 0 ? DIFF_SOME : DIFF_UNKNOWN);
  }
  return response;
}

export function createLookup(request: CreateRequest): CreateResponse {
  requireType(request.getUrn());
  const inputs = decode(request.getProperties());
  const response = new CreateResponse();
  if (!request.getPreview()) {
    response.setId(newLookupId());
  }
  response.setProperties(outputsOf(inputs));
  return response;
}

export function updateLookup(request: UpdateRequest): UpdateResponse {
  requireType(request.getUrn());
  const response = new UpdateResponse();
  response.setProperties(outputsOf(decode(request.getNews())));
  return response;
}

export async function readLookup(
  request: ReadRequest,
  { signal }: CallOrigin,
  provider: Provider,
): Promise<ReadResponse> {
  requireType(request.getUrn());
  const state = decode(request.getProperties());
  const inputs = await provider.run(signal, (context) => readAgain(state.values, context));
  const found: Decoded = { values: inputs, secrets: state.secrets };
  const response = new ReadResponse();
  response.setId(request.getId());
  response.setInputs(encode(inputs, secretsOf(found)));
  response.setProperties(outputsOf(found));
  return response;
}

/** Returns the outputs for the inputs; unknown while the inputs are unknown in a preview. */
function outputsOf(inputs: Decoded): ReturnType<typeof encode> {
  return encode(outputValues(inputs.values), secretsOf(inputs));
}

function outputValues(inputs: Properties): Properties {
  if (containsUnknown(inputs.instancesById)) {
    return { ...inputs, ...Object.fromEntries(resultLists.map((name) => [name, unknownValue])) };
  }
  const outputs = toOutputs(inputs);
  // A TypeScript program derives the list itself; the other languages have only the outputs.
  return { ...outputs, instances: listed(readInstances(inputs.instancesById)).instances };
}

/** A secret argument makes the result secret. */
function secretsOf({ secrets }: Decoded): string[] {
  return secrets.size === 0 ? [] : [...secrets, ...resultInputs, ...resultLists];
}

/**
 * Rejects result names among the inputs. They were meant as arguments, and ignoring them would find more instances than
 * requested.
 */
function resultFailures(inputs: Properties): CheckFailure[] {
  return resultLists
    .filter((name) => name in inputs)
    .map((name) =>
      toFailure("", `${name} is a result, not an argument${name === "ids" ? `; use ${idsArgument}` : ""}`),
    );
}

/** Returns the input of an argument: `onlyIds` for `ids`. */
function inputName(property: string): string {
  return property.replace(/^ids(?=\[|$)/, idsArgument);
}

/** Returns the resource type in a URN. */
export function typeOf(urn: string): string | undefined {
  return urn.split("::").at(-2)?.split("$").at(-1);
}

function requireType(urn: string): void {
  const type = typeOf(urn);
  if (type !== lookupType) {
    throw new StatusError(
      status.INVALID_ARGUMENT,
      `The outboundbot provider has no resource ${type ?? "without a type"}; it has ${instanceType} and ${lookupType}.`,
    );
  }
}
