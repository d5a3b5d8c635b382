import { isRecord, propertyPath } from "../common/values.js";

/** The depth of the most deeply nested argument, an element of a list or a map. */
const deepest = 2;

/** Returns the paths of the arguments, and of the elements of their lists and maps, whose values match. */
export function pathsOf(
  value: unknown,
  matches: (value: unknown) => boolean,
  path = "",
  depth = 0,
): string[] {
  if (matches(value)) {
    return [path];
  }
  if (depth === deepest || !(Array.isArray(value) || isRecord(value))) {
    return [];
  }
  return Object.entries(value).flatMap(([key, element]) =>
    pathsOf(element, matches, Array.isArray(value) ? `${path}[${key}]` : propertyPath(path, key), depth + 1),
  );
}
