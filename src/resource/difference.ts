import { isRecord } from "../common/values.js";

/**
 * Returns the names of the properties that differ, sorted. The order of list elements, such as the service's order of instances,
 * doesn't count.
 */
export function changedProperties(
  olds: Readonly<Record<string, unknown>>,
  news: Readonly<Record<string, unknown>>,
): string[] {
  return [...new Set([...Object.keys(olds), ...Object.keys(news)])]
    .filter((name) => !isSame(own(olds, name), own(news, name)))
    .sort();
}

/** Returns whether two values are the same, ignoring the order of lists. */
function isSame(one: unknown, other: unknown): boolean {
  if (one === other || (!isGiven(one) && !isGiven(other))) {
    return true;
  }
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.every((element, index) => isSame(element, other[index])) && one.length === other.length
      ? true
      : canonical(one) === canonical(other);
  }
  return isRecord(one) && isRecord(other) && haveSameFields(one, other);
}

function haveSameFields(one: Record<string, unknown>, other: Record<string, unknown>): boolean {
  for (const name in other) {
    if (!isSame(own(one, name), other[name])) {
      return false;
    }
  }
  for (const name in one) {
    if (isGiven(one[name]) && !isGiven(own(other, name))) {
      return false;
    }
  }
  return true;
}

/** Returns an own property, and ignores inherited ones such as `constructor`. */
function own(object: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** Returns a text that is the same for the same value, whatever the order of lists and of object properties. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) {
    return `[${value.map(canonical).sort().join()}]`;
  }
  if (isRecord(value)) {
    const fields = Object.entries(value)
      .filter(([, field]) => isGiven(field))
      .map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`);
    return `{${fields.sort().join()}}`;
  }
  return isGiven(value) ? JSON.stringify(value) : "";
}

/** Returns whether a value is set. The engine drops null values, and this package leaves values absent; both mean not set. */
function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}
