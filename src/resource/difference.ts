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
    .filter((name) => canonical(olds[name]) !== canonical(news[name]))
    .sort();
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
