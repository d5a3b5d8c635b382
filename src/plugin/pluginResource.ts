import { ArgumentError } from "../errors/errors.js";
import type { LookupContext } from "../lookup/lookup.js";
import { idsArgument } from "../resource/properties.js";
import type { Decoded } from "./wireReader.js";

/** Runs a lookup with the settings of a provider, until the engine cancels it. */
export type RunLookup = <Result>(work: (context: LookupContext) => Promise<Result>) => Promise<Result>;

/** The response to a check. */
export interface Checked {
  readonly inputs: Decoded;
  /**
   * Why the inputs are invalid. No failure names its property, because the engine would print the property's value, even a
   * secret one.
   */
  readonly failures: readonly string[];
}

/** The values of DiffResponse.DiffChanges. */
export const changes = { unknown: 0, none: 1, some: 2 } as const;

export type Change = (typeof changes)[keyof typeof changes];

/** The methods of a resource type. Deleting removes only the state, so it isn't among them. */
export interface PluginResource {
  check(olds: Decoded, news: Decoded, run: RunLookup): Promise<Checked>;
  diff(olds: Decoded, news: Decoded): Change;
  /** Returns the outputs of a new resource, without an ID in a preview. */
  create(inputs: Decoded, preview: boolean): { readonly id: string; readonly outputs: Decoded };
  /** Returns the outputs. */
  update(inputs: Decoded): Decoded;
  /** Returns `undefined` if the resource doesn't exist. */
  read(
    id: string,
    state: Decoded,
    run: RunLookup,
  ): Promise<{ readonly inputs: Decoded; readonly outputs: Decoded } | undefined>;
}

/** Returns an error that shows no values of secret arguments. */
export function withoutSecrets(error: unknown, { secrets }: Decoded, functionName: string): unknown {
  if (!ArgumentError.isInstance(error) || secrets.size === 0) {
    return error;
  }
  const problems = error.problems.map(({ property, reason }) => {
    const [name = ""] = property.split(/[.[]/, 1);
    const isSecret = secrets.has(name) || (name === "ids" && secrets.has(idsArgument));
    return { property, reason: isSecret ? "is invalid, and secret" : reason };
  });
  return new ArgumentError(functionName, problems);
}
