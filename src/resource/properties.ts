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

/** The properties of an `InstanceLookup`, as the engine stores them. */
export type Properties = Record<string, unknown>;

/** Instances by ID. */
export type InstancesById = Record<string, Instance>;

/**
 * The result's properties among the inputs. The engine compares lists by position, so removing one instance would show as a
 * change of all later instances. In a map, it shows as one change.
 */
export const resultInputs = ["instancesById", "totalCount"] as const;

/** The result as lists, which only the program has. */
export const resultLists = ["ids", "names", "instances"] as const;

/**
 * The name under which the argument `ids` is stored. In the outputs, `ids` is the result, and a refresh reads the arguments from
 * the state.
 */
export const idsArgument = "onlyIds";

/** The serialized dynamic provider, which the SDK's provider process expects among the properties. */
export const providerText = "__provider";

/** Renames the arguments to the names that the engine stores. */
export function toProperties({ ids, ...others }: { readonly ids?: unknown }): Properties {
  return { ...others, [idsArgument]: ids };
}

/** Returns the arguments among the properties, under the names that the program uses. */
export function toArguments(properties: Properties): Properties {
  const args = without(properties, [...resultInputs, ...resultLists, idsArgument, providerText]);
  const ids = properties[idsArgument];
  return ids === undefined ? args : { ...args, ids };
}

/** Returns the inputs among the properties: the outputs without the lists. */
export function toInputs(properties: Properties): Properties {
  return without(properties, resultLists);
}

/**
 * Returns the inputs in a form that is comparable across versions of this package, each of which may store a different provider.
 */
export function toComparable(properties: Properties): Properties {
  const inputs = without(toInputs(properties), [providerText]);
  const { instancesById } = inputs;
  return isInstances(instancesById) ? { ...inputs, instancesById: completeInstances(instancesById) } : inputs;
}

/**
 * Returns the outputs for the inputs: the inputs, the IDs and the names. The program derives the list `instances`, because
 * storing `instancesById` twice would slow the engine down.
 */
export function toOutputs(inputs: Properties): Properties {
  const instancesById = readInstances(inputs.instancesById);
  const { ids, names } = listed(instancesById);
  return { ...inputs, instancesById, ids, names };
}

/** Returns the instances as lists, in the order of a result. */
export function listed(instances: InstancesById): Pick<GetInstancesResult, (typeof resultLists)[number]> {
  const { ids, names, items } = toFound(instanceList, Object.values(instances), 0);
  return { ids, names, instances: items };
}

/**
 * Returns whether the result is secret. The SDK and the engine include `ids`, `names` and `instances` in the inputs only to mark
 * them as secret, with no values.
 */
export function hasSecretResult(inputs: Properties): boolean {
  return resultLists.some((name) => name in inputs);
}

/** Returns the result of a lookup as inputs. */
export function foundInputs({ instances, totalCount }: GetInstancesResult): Properties {
  return {
    instancesById: Object.fromEntries(instances.map((instance) => [instance.id, instance])),
    totalCount,
  };
}

/** Returns the result of a lookup that can't run yet. */
export function unknownInputs(): Properties {
  return Object.fromEntries(resultInputs.map((name) => [name, unknownValue]));
}

/** Returns the result that the engine put among the inputs before the lookup, because of `ignoreChanges`. */
export function keptInputs(properties: Properties): Properties {
  return Object.fromEntries(
    resultInputs
      .map((name) => [name, properties[name]] as const)
      .filter(([, value]) => value !== undefined && value !== null && value !== unknownValue),
  );
}

/** Returns the arguments that are known at the top level. A nested unknown value is a string, and counts as known. */
export function knownArguments(properties: Properties): Properties {
  return Object.fromEntries(
    Object.entries(toArguments(properties)).filter(([, value]) => value !== unknownValue),
  );
}

/** Returns whether an argument, or part of one, is unknown. */
export function hasUnknownArguments(properties: Properties): boolean {
  return containsUnknown(toArguments(properties));
}

function without(properties: Properties, names: readonly string[]): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([name]) => !names.includes(name)));
}

/**
 * Reads the property as instances.
 *
 * @throws TypeError when the property holds something else.
 */
export function readInstances(value: unknown): InstancesById {
  if (!isInstances(value)) {
    throw new TypeError("instancesById must contain instances");
  }
  return completeInstances(value);
}

/**
 * Completes the instances of a state. A state of version 0.1.0 has no name or no tags for instances where the service returned
 * none.
 */
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
