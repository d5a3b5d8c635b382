import { isRecord } from "../common/values.js";

/**
 * The names of the properties that differ, sorted. The order of a list's elements, such as that in which the service
 * returned instances, is no difference.
 */
export function changedProperties(
  olds: Readonly<Record<string, unknown>>,
  news: Readonly<Record<string, unknown>>,
): string[] {
  return [...new Set([...Object.keys(olds), ...Object.keys(news)])]
    .filter((name) => !isSame(own(olds, name), own(news, name)))
    .sort();
}

/** Whether two values are the same but for the order of lists. */
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

/** Not what every object inherits under names such as `constructor`. */
function own(object: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** A text that is the same for the same value, whatever the order of lists and of the properties of objects. */
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

/** The engine drops what is null; what this package leaves out is absent. Both mean the same. */
function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}
