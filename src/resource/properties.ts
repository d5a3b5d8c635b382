import { unknownValue } from "../common/reserved.js";
import { isRecord } from "../common/values.js";
import {
  type GetInstancesResult,
  type Instance,
  instances as instanceList,
  type ReadInstance,
} from "../lists/instances.js";
import { toFound } from "../lookup/result.js";
import { containsUnknown } from "./unknown.js";

/** Properties of an `InstanceLookup` as the engine knows them. */
export type Properties = Record<string, unknown>;

/** Instances under their ids. */
export type InstancesById = Record<string, Instance>;

/**
 * What a lookup adds to the inputs. The engine compares lists by position, so that one instance that went would show as a
 * change of all that follow; in a map, it shows as that one.
 */
export const resultInputs = ["instancesById", "totalCount"] as const;

/** What the program has besides: the same as lists. */
export const resultLists = ["ids", "names", "instances"] as const;

/**
 * The argument `ids` under a name of its own: the result `ids` takes its place in the outputs, and a refresh, which sees
 * the state and not the program, must ask the same again.
 */
export const idsArgument = "onlyIds";

/** The dynamic provider itself, which the SDK's provider process expects among the properties. */
export const providerText = "__provider";

/** Names the arguments as the engine gets them. */
export function toProperties({ ids, ...others }: { readonly ids?: unknown }): Properties {
  return { ...others, [idsArgument]: ids };
}

/** The arguments among the properties, under the names that the program gave them. */
export function toArguments(properties: Properties): Properties {
  const args = without(properties, [...resultInputs, ...resultLists, idsArgument, providerText]);
  const ids = properties[idsArgument];
  return ids === undefined ? args : { ...args, ids };
}

/** The inputs among the properties: outputs without the lists. */
export function toInputs(properties: Properties): Properties {
  return without(properties, resultLists);
}

/** The inputs in the form in which those of every version can be compared. Each version may store a provider's text of its own. */
export function toComparable(properties: Properties): Properties {
  const inputs = without(toInputs(properties), [providerText]);
  const { instancesById } = inputs;
  return isInstances(instancesById) ? { ...inputs, instancesById: completeInstances(instancesById) } : inputs;
}

/**
 * The outputs that belong to the inputs: these, the ids and the names. The list `instances` would repeat all of
 * `instancesById`, and the engine takes long over a large state, so the program makes it.
 */
export function toOutputs(inputs: Properties): Properties {
  const instancesById = readInstances(inputs.instancesById);
  const { ids, names } = listed(instancesById);
  return { ...inputs, instancesById, ids, names };
}

/** The lists of the instances, in the order of a result. */
export function listed(instances: InstancesById): Pick<GetInstancesResult, (typeof resultLists)[number]> {
  const { ids, names, items } = toFound(instanceList, Object.values(instances), 0);
  return { ids, names, instances: items };
}

/**
 * Whether the result is secret. The SDK and the engine leave the lists, which have no value among the inputs, out of these
 * unless they mark something.
 */
export function hasSecretResult(inputs: Properties): boolean {
  return resultLists.some((name) => name in inputs);
}

/** The result of a lookup as inputs. */
export function foundInputs({ instances, totalCount }: GetInstancesResult): Properties {
  return {
    instancesById: Object.fromEntries(instances.map((instance) => [instance.id, instance])),
    totalCount,
  };
}

/** The result of a lookup that cannot be made yet. */
export function unknownInputs(): Properties {
  return Object.fromEntries(resultInputs.map((name) => [name, unknownValue]));
}

/** The result that is among the inputs before the lookup is made: what the engine put back because of `ignoreChanges`. */
export function keptInputs(properties: Properties): Properties {
  return Object.fromEntries(
    resultInputs
      .map((name) => [name, properties[name]] as const)
      .filter(([, value]) => value !== undefined && value !== null && value !== unknownValue),
  );
}

/** The arguments that are known at the top; what is unknown further down is a string there and passes for one. */
export function knownArguments(properties: Properties): Properties {
  return Object.fromEntries(
    Object.entries(toArguments(properties)).filter(([, value]) => value !== unknownValue),
  );
}

/** Whether an argument, or a part of one, is not known yet. */
export function hasUnknownArguments(properties: Properties): boolean {
  return containsUnknown(toArguments(properties));
}

function without(properties: Properties, names: readonly string[]): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([name]) => !names.includes(name)));
}

/** @throws TypeError when the property holds something else. */
export function readInstances(value: unknown): InstancesById {
  if (!isInstances(value)) {
    throw new TypeError("instancesById does not hold instances");
  }
  return completeInstances(value);
}

/** The instances of a state. In one of version 0.1.0, instances for which the service returned no name or no tags have none. */
export function completeInstances(instances: Record<string, ReadInstance>): InstancesById {
  return Object.fromEntries(
    Object.entries(instances).map(([id, instance]) => [id, instanceList.toItem(instance)]),
  );
}

function isInstances(value: unknown): value is Record<string, ReadInstance> {
  return (
    isRecord(value) &&
    Object.entries(value).every(([id, instance]) => isRecord(instance) && instance.id === id)
  );
}
