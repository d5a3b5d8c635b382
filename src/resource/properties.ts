import { unknownValue } from "../common/reserved.js";

/** The properties of an `InstanceLookup`, as the engine stores them. */
export type Properties = Record<string, unknown>;

/** The lists of the result. They describe the same instances, so they are kept or replaced together. */
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
  const { [idsArgument]: ids, [providerText]: _, ...others } = properties;
  const args = Object.entries(others).filter(([name]) => !resultNames.some((result) => result === name));
  return { ...Object.fromEntries(args), ...(ids === undefined ? {} : { ids }) };
}

/** Returns the values of the result that are known. A secret without a value, which marks a result as secret, is none. */
export function knownResult(properties: Properties): Properties {
  return Object.fromEntries(
    resultNames
      .map((name) => [name, properties[name]] as const)
      .filter(([, value]) => value !== undefined && value !== null && value !== unknownValue),
  );
}
