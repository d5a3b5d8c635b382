import { compilePattern } from "../common/pattern.js";
import { isRecord, messageOf, propertyPath } from "../common/values.js";
import type { ArgumentProblem } from "../errors/errors.js";
import type { Consistency } from "../paging/wholeList.js";
import type { WhereArgs } from "../settings/reading.js";

export type { Consistency };

/** The arguments that every lookup takes. */
export interface ListArgs extends WhereArgs {
  /** Only what has one of these ids. An empty list matches nothing. Applied to what the service returned. Default: any id. */
  ids?: string[] | undefined;
  /**
   * How many items to request at once (the API's `PageSize`), a whole number from 1 to 100. Default: 100. It does not limit the
   * result: all pages are read, and a service that gives or accepts fewer is followed.
   */
  pageSize?: number | undefined;
  /**
   * How the lookup makes sure of a list of more than one page. `counted`: every page must carry the same `TotalCount`, and the ids must add
   * up to it. That misses a change between two pages that leaves the total as it was. `verified`: the list is read until two listings in a
   * row have the same ids in the same order, ten times at most. That takes at least twice the calls, and cannot be used with `pageNumber`.
   * Default: `counted`.
   */
  consistency?: Consistency | undefined;
}

/** The arguments of a lookup whose result is a list. */
export interface PageArgs {
  /**
   * Turns automatic paging off: read this one page (the API's `PageNumber`) of `pageSize` items, a whole number from 1 to
   * 2147483647. It is a page of what the service finds; the arguments that are applied to what the service returned select within
   * it. Where the service gives smaller pages than asked for, it is an error. Default: all pages.
   */
  pageNumber?: number | undefined;
  /**
   * The path of a file that receives what was found as JSON, also in a preview. Written whole or not at all, in place of a
   * file that is there, readable by its owner only. A leading `~/` is the home directory; the folder must exist. What is there and is
   * no regular file, such as a link or a device, is refused. Default: no file.
   */
  outputFile?: string | undefined;
}

/** The arguments that lookups share. Those that select by name exist only where items have names. */
export interface CommonArgs extends ListArgs, PageArgs {
  nameRegex?: string | undefined;
}

/** Checks one argument. Adds what is wrong to the problems; the result is `undefined` then, and when nothing was given. */
export type Check<Value> = (problems: Problems, path: string, value: unknown) => Value | undefined;

/** A check for each argument. */
export type ArgumentChecks<Args> = { readonly [Name in keyof Args]-?: Check<Args[Name]> };

/** Everything that is wrong with the arguments. */
export class Problems {
  readonly found: ArgumentProblem[] = [];

  add(property: string, reason: string): undefined {
    this.found.push({ property, reason });
    return undefined;
  }
}

/** A string that is not empty. */
export function text(problems: Problems, path: string, value: unknown): string | undefined {
  if (value === undefined) {
    return undefined;
  }
  if (typeof value !== "string") {
    return problems.add(path, `must be a string, but is ${describe(value)}`);
  }
  if (value === "") {
    return problems.add(path, "must not be empty; leave it out to mean any");
  }
  return wellFormed(problems, path, value);
}

/** A regular expression of RE2. */
export function pattern(problems: Problems, path: string, value: unknown): string | undefined {
  const expression = text(problems, path, value);
  if (expression === undefined) {
    return undefined;
  }
  try {
    compilePattern(expression);
    return expression;
  } catch (error) {
    // The compiler's message ends with the pattern, which may be a secret in the wrong place.
    const [why] = messageOf(error).split(": `", 1);
    return problems.add(path, `is not a regular expression of RE2: ${why}`);
  }
}

/** A list of strings that are not empty. */
function texts(problems: Problems, path: string, value: unknown): string[] | undefined {
  if (value === undefined) {
    return undefined;
  }
  if (!Array.isArray(value)) {
    return problems.add(path, `must be a list of strings, but is ${describe(value)}`);
  }
  const list: string[] = [];
  for (const [index, element] of value.entries()) {
    const place = `${path}[${index}]`;
    const checked =
      element === undefined
        ? problems.add(place, `must be a string, but is ${describe(element)}`)
        : text(problems, place, element);
    if (checked !== undefined) {
      list.push(checked);
    }
  }
  return list;
}

/** A map of tags. */
export function tags(problems: Problems, path: string, value: unknown): Record<string, string> | undefined {
  if (value === undefined) {
    return undefined;
  }
  if (!isRecord(value)) {
    return problems.add(path, `must be a map of strings, but is ${describe(value)}`);
  }
  const entries: [string, string][] = [];
  for (const [key, tagValue] of Object.entries(value)) {
    const place = propertyPath(path, key);
    if (key === "") {
      problems.add(place, "a tag's key must not be empty");
    } else if (typeof tagValue !== "string") {
      problems.add(place, `must be a string, but is ${describe(tagValue)}`);
    } else if (
      wellFormed(problems, place, key) !== undefined &&
      wellFormed(problems, place, tagValue) !== undefined
    ) {
      entries.push([key, tagValue]);
    }
  }
  return Object.fromEntries(entries);
}

/** A whole number from 1. */
function integerUpTo(largest: number): Check<number> {
  return (problems, path, value) => {
    if (value === undefined) {
      return undefined;
    }
    if (typeof value !== "number" || !Number.isInteger(value) || value < 1 || value > largest) {
      return problems.add(path, `must be a whole number from 1 to ${largest}, but is ${describe(value)}`);
    }
    return value;
  };
}

/** One of some words. */
function oneOf<Word extends string>(...words: readonly Word[]): Check<Word> {
  return (problems, path, value) => {
    const word = words.find((candidate) => candidate === value);
    return word === undefined && value !== undefined
      ? problems.add(path, `must be ${words.join(" or ")}, but is ${describe(value)}`)
      : word;
  };
}

/** An argument that must be given. */
export function required(check: Check<string>): Check<string> {
  return (problems, path, value) =>
    value === undefined ? problems.add(path, "must be given") : check(problems, path, value);
}

/** The arguments that every list has besides its own. They are checked after those. */
export const commonArguments: ArgumentChecks<ListArgs & PageArgs> = {
  ids: texts,
  pageSize: integerUpTo(100),
  consistency: oneOf("counted", "verified"),
  region: text,
  endpoint: text,
  profile: text,
  pageNumber: integerUpTo(2_147_483_647),
  outputFile: text,
};

/** A lone surrogate has no UTF-8 form, so it can neither be signed nor sent. */
function wellFormed(problems: Problems, path: string, value: string): string | undefined {
  return value.isWellFormed()
    ? value
    : problems.add(path, "must be well-formed Unicode, but holds half of a surrogate pair");
}

/** What a refused value is. A string is not repeated: it may be a secret that landed in the wrong place. */
export function describe(value: unknown): string {
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
