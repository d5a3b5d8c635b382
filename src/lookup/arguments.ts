import { nameAdvice } from "../common/nearestName.js";
import { isRecord, propertyPath } from "../common/values.js";
import { ArgumentError } from "../errors/errors.js";
import { type CommonArgs, describe, type PageArgs, Problems } from "../lists/arguments.js";
import type { ListArguments } from "../lists/listApi.js";

/** What a stream cannot have: what it yielded cannot be taken back. */
export const notOfStreams: readonly string[] = ["consistency"] satisfies (keyof CommonArgs)[];

/** What only makes sense for a result that is a list. */
const ofListResults: readonly string[] = ["pageNumber", "outputFile"] satisfies (keyof PageArgs)[];

/** The names of the arguments that a function or a resource takes. */
export function argumentNames<Args extends CommonArgs>(
  { functions, checks }: ListArguments<Args>,
  called: string,
  refused: readonly string[] = [],
): string[] {
  const names = Object.keys(checks).filter((name) => !refused.includes(name));
  return called === functions.all ? names : names.filter((name) => !ofListResults.includes(name));
}

/**
 * Checks everything about the arguments that can be checked without the service.
 *
 * @param refused names of arguments that this function does not take.
 * @returns a copy that holds only what was given. `undefined` counts as not given; `null`, which may stand for a forgotten value, is
 * refused.
 * @throws ArgumentError with all problems at once.
 */
export function checkArguments<Args extends CommonArgs>(
  list: ListArguments<Args>,
  called: string,
  args: unknown = {},
  refused: readonly string[] = [],
): Args {
  if (!isRecord(args)) {
    throw new ArgumentError(called, [
      { property: "", reason: `the arguments must be an object, but are ${describe(args)}` },
    ]);
  }
  const problems = new Problems();
  const known = argumentNames(list, called, refused);
  for (const name of Object.keys(args)) {
    if (!known.includes(name)) {
      problems.add(propertyPath("", name), `${called} has no such argument; ${nameAdvice(name, known)}`);
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
    problems.add("consistency", "verified needs the whole list; leave out pageNumber");
  }
  if (!isRight(checked, problems)) {
    throw new ArgumentError(called, problems.found);
  }
  return checked;
}

/** Without problems, every argument that is required is there. */
function isRight<Args>(_checked: Partial<Args>, { found }: Problems): _checked is Args {
  return found.length === 0;
}
