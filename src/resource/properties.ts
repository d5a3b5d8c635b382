import { unknownValue } from "../common/reserved.js";

/** The properties of an `InstanceLookup`, as the engine stores them. */
export type Properties = Record<string, unknown>;

/** The properties that describe the instances found. They describe the same instances, so they are kept or replaced together. */
export const resultLists = ["ids", "names", "instances"] as const;

/** The properties of the result. `check` adds them to the inputs, because a preview knows only the inputs. */
export const resultNames = [...resultLists, "totalCount"] as const;

/** The name under which the argument `ids` is stored, because `ids` is the result. */
export const idsArgument = "onlyIds";

/** The serialized dynamic provider, which the SDK's provider process expects among the properties. */
export const providerText = "__provider";

/** Renames the arguments to the names that the engine stores. */
export function toProperties({ ids, ...others }: { readonly ids?: unknown }): Properties {
  return { ...others, [idsArgument]: ids };
}

/** Returns the arguments among the properties, under the names that the program uses. */
export function toArguments(properties: Properties): Properties {
  const { [idsArgument]: ids, ...args } = without(properties, [...resultNames, providerText]);
  return ids === undefined ? args : { ...args, ids };
}

/** Returns the properties without the result. */
export function withoutResult(properties: Properties): Properties {
  return without(properties, resultNames);
}

/** Returns the values of the result that are known. A secret without a value, which marks a result as secret, is none. */
export function knownResult(properties: Properties): Properties {
  return Object.fromEntries(
    resultNames
      .map((name) => [name, properties[name]] as const)
      .filter(([, value]) => value !== undefined && value !== null && value !== unknownValue),
  );
}

/** Returns the result of a lookup that can't run yet. */
export function unknownResult(): Properties {
  return Object.fromEntries(resultNames.map((name) => [name, unknownValue]));
}

function without(properties: Properties, names: readonly string[]): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([name]) => !names.includes(name)));
}
