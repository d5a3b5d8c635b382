import { nameAdvice } from "../common/nearestName.js";
import { isRecord, propertyPath } from "../common/values.js";
import { ArgumentError } from "../errors/errors.js";
import { type CommonArgs, describe, type PageArgs, Problems } from "../lists/arguments.js";
import type { ListArguments } from "../lists/listApi.js";

/** The arguments that streams don't support, because yielded items can't be taken back. */
export const notForStreams: readonly string[] = ["consistency"] satisfies (keyof CommonArgs)[];

/** The arguments of functions that return a list. */
const ofListResults: readonly string[] = ["pageNumber", "outputFile"] satisfies (keyof PageArgs)[];

/** Returns the names of the arguments that a function or resource accepts. */
export function argumentNames<Args extends CommonArgs>(
  { functions, checks }: ListArguments<Args>,
  functionName: string,
  refused: readonly string[] = [],
): string[] {
  const names = Object.keys(checks).filter((name) => !refused.includes(name));
  return functionName === functions.all ? names : names.filter((name) => !ofListResults.includes(name));
}

/**
 * Checks the arguments as far as possible without the service.
 *
 * @param refused the names of arguments that this function doesn't accept.
 * @returns a copy with only the arguments that were given. `undefined` counts as not given. `null` is rejected, because it may be
 * a forgotten value.
 * @throws ArgumentError with all problems.
 */
export function checkArguments<Args extends CommonArgs>(
  list: ListArguments<Args>,
  functionName: string,
  args: unknown = {},
  refused: readonly string[] = [],
): Args {
  if (!isRecord(args)) {
    throw new ArgumentError(functionName, [
      { property: "", reason: `the arguments must be an object, got ${describe(args)}` },
    ]);
  }
  const problems = new Problems();
  const known = argumentNames(list, functionName, refused);
  for (const name of Object.keys(args)) {
    if (!known.includes(name)) {
      problems.add(
        propertyPath("", name),
        `is not an argument of ${functionName}; ${nameAdvice(name, known)}`,
      );
    }
  }
  for (const name in list.required) {
    if (args[name] === undefined) {
      problems.add(name, "is required");
    }
  }
  const checked: Partial<Args> = {};
  for (const name in list.checks) {
    if (known.includes(name)) {
      const value = list.checks[name](problems, name, args[name]);
      if (value !== undefined) {
        checked[name] = value;
      }
    }
  }
  if (checked.consistency === "verified" && checked.pageNumber !== undefined) {
    problems.add("consistency", "must not be verified for a single page; omit pageNumber");
  }
  if (problems.found.length > 0 || !hasRequired(list, checked)) {
    throw new ArgumentError(functionName, problems.found);
  }
  return checked;
}

function hasRequired<Args>({ required }: ListArguments<Args>, args: Partial<Args>): args is Args {
  return Object.keys(required).every((name) => Object.hasOwn(args, name));
}
