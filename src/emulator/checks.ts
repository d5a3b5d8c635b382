/**
 * The error for an invalid option, fault or item of the emulator. The message is one sentence that names the option and what it
 * accepts.
 *
 * @example
 * ```ts
 * import { EmulatorOptionError, startEmulator } from "pulumi-outboundbot/emulator";
 *
 * try {
 *   await startEmulator({ count: -1 });
 * } catch (error) {
 *   if (error instanceof EmulatorOptionError) {
 *     console.error(error.message); // count must be a whole number from 0 to 100000, got -1.
 *   }
 * }
 * ```
 */
export class EmulatorOptionError extends Error {
  /** The name of the error, which also identifies errors of another copy of the class. */
  override readonly name = "EmulatorOptionError";
}

/** What a value must be. `read` returns a valid value, and otherwise throws an {@link EmulatorOptionError} with its path. */
export interface Check<Value> {
  readonly expected: string;
  read(value: unknown, path: string): Value;
}

export function checkThat<Value>(
  expected: string,
  isValid: (value: unknown, path: string) => value is Value,
): Check<Value> {
  return {
    expected,
    read: (value, path) => {
      if (isValid(value, path)) {
        return value;
      }
      throw new EmulatorOptionError(`${path} must be ${expected}, got ${show(value)}.`);
    },
  };
}

export const anyText = checkThat("a string", (value) => typeof value === "string");

export const filledText = checkThat(
  "a non-empty string",
  (value): value is string => typeof value === "string" && value !== "",
);

export const flag = checkThat("true or false", (value) => typeof value === "boolean");

const anyList = checkThat("a list", (value): value is unknown[] => Array.isArray(value));

export function wholeNumber(least: number, most: number): Check<number> {
  return checkThat(
    `a whole number from ${least} to ${most}`,
    (value): value is number =>
      Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most,
  );
}

export function oneOf<Choice extends string>(...choices: readonly Choice[]): Check<Choice> {
  return checkThat(`one of ${choices.join(", ")}`, (value): value is Choice =>
    choices.some((choice) => choice === value),
  );
}

export function listOf<Item>(item: Check<Item>): Check<readonly Item[]> {
  return {
    expected: anyList.expected,
    read: (value, path) =>
      anyList.read(value, path).map((element, index) => item.read(element, `${path}[${index}]`)),
  };
}

/** Returns the check of an object with these fields and no others. Those that aren't required may be absent. */
export function objectOf<Value extends object>(
  checks: { readonly [Name in keyof Value]-?: Check<Exclude<Value[Name], undefined>> },
  ...required: readonly (keyof Value)[]
): Check<Value> {
  const isKnown = (name: string): name is keyof Value & string => Object.hasOwn(checks, name);
  const names = Object.keys(checks).filter(isKnown);
  return checkThat("an object", (value, path): value is Value => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      return false;
    }
    const fields = new Map<string, unknown>(Object.entries(value));
    const unknown = [...fields.keys()].find((name) => !isKnown(name));
    if (unknown !== undefined) {
      throw new EmulatorOptionError(
        `${path} has an unknown field ${show(unknown)}. Its fields are ${names.join(", ")}.`,
      );
    }
    for (const name of names.filter((known) => fields.get(known) !== undefined || required.includes(known))) {
      checks[name].read(fields.get(name), `${path}.${name}`);
    }
    return true;
  });
}

/** Quotes a value, shortened so that a whole file never appears in a message. */
export function show(value: unknown): string {
  if (typeof value === "string") {
    return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  }
  if (typeof value === "object" && value !== null) {
    return Array.isArray(value) ? "a list" : "an object";
  }
  return value === undefined ? "nothing" : String(value);
}
