import { nameAdvice } from "../common/nearestName.js";
import { isRecord, messageOf, propertyPath } from "../common/values.js";
import { ArgumentError, type ArgumentProblem } from "../errors/errors.js";
import type { ArgumentName, Arguments, ArgumentTypes } from "../lists/listApi.js";
import { compilePattern } from "./pattern.js";

const largestInt32 = 2_147_483_647;
const largestPageSize = 100;

const selectionNames = [
  "tags",
  "name",
  "nameRegex",
  "ids",
  "resourceGroupId",
  "pageSize",
  "region",
  "endpoint",
  "profile",
] as const;

/** The argument names that each function takes. */
export const argumentNames = {
  getInstances: [...selectionNames, "pageNumber", "outputFile"],
  getInstance: selectionNames,
  listInstances: selectionNames,
  InstanceLookup: selectionNames,
} as const satisfies Record<string, readonly ArgumentName[]>;

/** A function or resource that takes lookup arguments. */
export type FunctionName = keyof typeof argumentNames;

/** How each argument is checked. */
const checks: { readonly [Name in ArgumentName]: Check<ArgumentTypes[Name]> } = {
  tags: (check, _path, value) => check.tags(value),
  name: (check, path, value) => check.text(path, value),
  nameRegex: (check, path, value) => check.pattern(path, value),
  ids: (check, path, value) => check.textList(path, value),
  resourceGroupId: (check, path, value) => check.text(path, value),
  pageSize: (check, path, value) => check.integer(path, value, largestPageSize),
  pageNumber: (check, path, value) => check.integer(path, value, largestInt32),
  outputFile: (check, path, value) => check.text(path, value),
  region: (check, path, value) => check.text(path, value),
  endpoint: (check, path, value) => check.text(path, value),
  profile: (check, path, value) => check.text(path, value),
};

type Check<Value> = (check: ArgumentCheck, path: string, value: unknown) => Value | undefined;

/**
 * Checks everything about the arguments that can be checked without the service.
 *
 * @returns a copy that holds only what was given. `undefined` counts as not given; `null`, which may stand for a forgotten value, is
 * refused.
 * @throws ArgumentError with all problems at once.
 */
export function checkArguments(called: FunctionName, args: unknown): Arguments {
  if (args === undefined) {
    return {};
  }
  if (!isRecord(args)) {
    throw new ArgumentError(called, [
      { property: "", reason: `the arguments must be an object, but are ${describe(args)}` },
    ]);
  }
  const check = new ArgumentCheck();
  check.names(called, args);
  const checked: Arguments = {};
  const read = <Name extends ArgumentName>(name: Name) => {
    const value = checks[name](check, name, args[name]);
    if (value !== undefined) {
      checked[name] = value;
    }
  };
  argumentNames[called].forEach(read);
  if (check.problems.length > 0) {
    throw new ArgumentError(called, check.problems);
  }
  return checked;
}

/** Checks one argument after the other and keeps every problem found on the way. */
class ArgumentCheck {
  readonly problems: ArgumentProblem[] = [];

  names(called: FunctionName, args: Record<string, unknown>): void {
    const known: readonly string[] = argumentNames[called];
    for (const name of Object.keys(args)) {
      if (!known.includes(name)) {
        this.refuse(propertyPath("", name), `${called} has no such argument; ${nameAdvice(name, known)}`);
      }
    }
  }

  text(path: string, value: unknown): string | undefined {
    if (value === undefined) {
      return undefined;
    }
    if (typeof value !== "string") {
      return this.refuse(path, `must be a string, but is ${describe(value)}`);
    }
    if (value === "") {
      return this.refuse(path, "must not be empty; leave it out to mean any");
    }
    return this.wellFormed(path, value);
  }

  pattern(path: string, value: unknown): string | undefined {
    const pattern = this.text(path, value);
    if (pattern === undefined) {
      return undefined;
    }
    try {
      compilePattern(pattern);
      return pattern;
    } catch (error) {
      // The compiler's message ends with the pattern, which may be a secret in the wrong place.
      const [why] = messageOf(error).split(": `", 1);
      return this.refuse(path, `is not a regular expression of RE2: ${why}`);
    }
  }

  textList(path: string, value: unknown): string[] | undefined {
    if (value === undefined) {
      return undefined;
    }
    if (!Array.isArray(value)) {
      return this.refuse(path, `must be a list of strings, but is ${describe(value)}`);
    }
    const list: string[] = [];
    for (const [index, element] of value.entries()) {
      const text = this.element(`${path}[${index}]`, element);
      if (text !== undefined) {
        list.push(text);
      }
    }
    return list;
  }

  tags(value: unknown): Record<string, string> | undefined {
    if (value === undefined) {
      return undefined;
    }
    if (!isRecord(value)) {
      return this.refuse("tags", `must be a map of strings, but is ${describe(value)}`);
    }
    const entries: [string, string][] = [];
    for (const [key, tagValue] of Object.entries(value)) {
      const path = propertyPath("tags", key);
      if (key === "") {
        this.refuse(path, "a tag's key must not be empty");
      } else if (typeof tagValue !== "string") {
        this.refuse(path, `must be a string, but is ${describe(tagValue)}`);
      } else if (this.wellFormed(path, key) !== undefined && this.wellFormed(path, tagValue) !== undefined) {
        entries.push([key, tagValue]);
      }
    }
    return Object.fromEntries(entries);
  }

  integer(path: string, value: unknown, largest: number): number | undefined {
    if (value === undefined) {
      return undefined;
    }
    if (typeof value !== "number" || !Number.isInteger(value) || value < 1 || value > largest) {
      return this.refuse(path, `must be a whole number from 1 to ${largest}, but is ${describe(value)}`);
    }
    return value;
  }

  private element(path: string, value: unknown): string | undefined {
    if (value === undefined) {
      return this.refuse(path, `must be a string, but is ${describe(value)}`);
    }
    return this.text(path, value);
  }

  /** A lone surrogate has no UTF-8 form, so it can neither be signed nor sent. */
  private wellFormed(path: string, value: string): string | undefined {
    return value.isWellFormed()
      ? value
      : this.refuse(path, "must be well-formed Unicode, but holds half of a surrogate pair");
  }

  private refuse(property: string, reason: string): undefined {
    this.problems.push({ property, reason });
    return undefined;
  }
}

/** What a refused value is. A string is not repeated: it may be a secret that landed in the wrong place. */
function describe(value: unknown): string {
  if (value === null || value === undefined) {
    return String(value);
  }
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint") {
    return `the ${typeof value} ${value}`;
  }
  if (Array.isArray(value)) {
    return "a list";
  }
  if (typeof value === "string") {
    return "a string";
  }
  return value instanceof Promise ? "a Promise; await it first" : `a value of type ${typeof value}`;
}
