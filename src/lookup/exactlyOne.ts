import { InstanceSelectionError } from "../errors/errors.js";
import type { Instance } from "../lists/instance.js";
import type { SelectionArgs } from "./arguments.js";

const mostListed = 20;

/**
 * The only one of the instances found.
 *
 * @throws InstanceSelectionError when there is none, or more than one.
 */
export function exactlyOne(instances: readonly Instance[], args: SelectionArgs): Instance {
  const [only, ...others] = instances;
  if (only === undefined) {
    throw new InstanceSelectionError(
      "InstanceNotFound",
      `No instance matches ${selectionOf(args)}. Check what was asked for, and that the lookup goes to the right account.`,
      [],
    );
  }
  if (others.length > 0) {
    const listed = instances
      .slice(0, mostListed)
      .map(({ id, instanceName }) => `  - ${id} ${instanceName ?? ""}`.trimEnd());
    const more = instances.length > mostListed ? [`  and ${instances.length - mostListed} more`] : [];
    throw new InstanceSelectionError(
      "SeveralInstancesFound",
      `${instances.length} instances match ${selectionOf(args)} where one is wanted. Give more tags, a name or an id to tell them apart:\n${[...listed, ...more].join("\n")}`,
      instances.map(({ id, instanceName }) => ({ id, instanceName })),
    );
  }
  return only;
}

function selectionOf({ tags, name, nameRegex, ids, resourceGroupId }: SelectionArgs): string {
  const given = Object.entries({ tags, name, nameRegex, ids, resourceGroupId }).filter(
    ([, value]) => value !== undefined,
  );
  return given.length === 0
    ? "(no arguments were given)"
    : given.map(([argument, value]) => `${argument} ${JSON.stringify(value)}`).join(", ");
}
