/** Whether `value` is an object with named properties: not null, not a list, not a class of its own such as Map or Date. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) {
    return false;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null;
}

/** A copy of `properties` without those that are `undefined`. */
export function given<T extends object>(properties: { [K in keyof T]: T[K] | undefined }): Partial<T> {
  const copy: Partial<T> = {};
  for (const name in properties) {
    const value = properties[name];
    if (value !== undefined) {
      copy[name] = value;
    }
  }
  return copy;
}

/** The message of whatever was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** The Pulumi property path of `key` below `parent`. */
export function propertyPath(parent: string, key: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(key)) {
    return parent === "" ? key : `${parent}.${key}`;
  }
  return `${parent}["${key.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"]`;
}

/** A part of a URL as it was before it was escaped; a percent sign that escapes nothing stands for itself. */
export function decodedPart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
