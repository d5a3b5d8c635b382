import { types } from "node:util";

/**
 * Returns whether a value is an object with named properties: not null, not a list, not an instance of a class such as Map or
 * Date.
 */
export function isRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) {
    return false;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null;
}

/** An object in which properties that may be `undefined` are absent instead. */
export type Defined<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/**
 * Returns the properties that aren't `undefined`. Returns the object itself if no property is `undefined`, which is the usual
 * case.
 */
export function withoutUndefined<T extends object>(properties: T): Defined<T>;
export function withoutUndefined(properties: Readonly<Record<string, unknown>>): object {
  for (const name in properties) {
    if (properties[name] === undefined) {
      // Deleting properties would turn the object into a hash table, several times as large.
      return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined));
    }
  }
  return properties;
}

/** Returns whether a value is an error, also if another realm created it: under Jest, Node's errors aren't instances of `Error`. */
export function isError(value: unknown): value is Error {
  return types.isNativeError(value) || value instanceof Error;
}

/** Returns the message of any thrown value. */
export function messageOf(thrown: unknown): string {
  return isError(thrown) ? thrown.message : String(thrown);
}

/** Returns the system's code of an error, such as `ENOENT`. If connections to several addresses fail, Node wraps their errors. */
export function systemCodeOf(error: unknown): string | undefined {
  if (!isError(error)) {
    return undefined;
  }
  if ("errors" in error && Array.isArray(error.errors)) {
    return systemCodeOf(error.errors[0]);
  }
  return "code" in error && typeof error.code === "string" ? error.code : undefined;
}

/** Returns the Pulumi property path of `key` below `parent`. */
export function propertyPath(parent: string, key: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(key)) {
    return parent === "" ? key : `${parent}.${key}`;
  }
  return `${parent}["${key.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"]`;
}

/** Decodes a part of a URL. Keeps a percent sign that escapes nothing. */
export function decodedPart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Returns the value of a JSON text; `undefined` if it isn't valid. Parsers of JSON repeat the text in their errors. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Returns the first result that isn't `undefined`. */
export function firstOf<Item, Result>(
  items: readonly Item[],
  find: (item: Item) => Result | undefined,
): Result | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

/** Returns the code of a system error. Its message may repeat a command or a path. */
export function codeOf(error: unknown): string {
  return systemCodeOf(error) ?? "unknown reason";
}
