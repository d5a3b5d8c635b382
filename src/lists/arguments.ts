import { compilePattern } from "../common/pattern.js";
import { isRecord, messageOf, propertyPath } from "../common/values.js";
import type { ArgumentProblem } from "../errors/errors.js";
import type { Consistency } from "../paging/wholeList.js";
import type { ConnectionArgs } from "../settings/reading.js";

export type { Consistency };

/** The arguments that every lookup accepts. */
export interface ListArgs extends ConnectionArgs {
  /**
   * The IDs of the items to select. An empty list matches nothing. The package filters the items that the service returned.
   * Default: any ID.
   */
  ids?: string[] | undefined;
  /**
   * The number of items per request (the API's `PageSize`), an integer from 1 to 100. Default: 100. It doesn't limit the result:
   * all pages are read. If the service returns or accepts only smaller pages, the lookup adapts.
   */
  pageSize?: number | undefined;
  /**
   * How the lookup verifies a list of more than one page. `counted`: every page must state the same `TotalCount`, and the IDs
   * must add up to it. This misses a change between two pages that leaves the total the same. `verified`: the list is read until
   * two consecutive listings have the same IDs in the same order, ten times at most. This takes at least twice the calls, and
   * can't be combined with `pageNumber`. A list without a usable `TotalCount` is always read twice. Default: `counted`.
   */
  consistency?: Consistency | undefined;
}

/** The additional arguments of a lookup that returns a list. */
export interface PageArgs {
  /**
   * Reads only this page (the API's `PageNumber`) of `pageSize` items, an integer from 1 to 2147483647, and turns off automatic
   * paging. The service applies its filters before it splits the list into pages; the other arguments then select within the page.
   * Fails if the service returns smaller pages than requested. Default: all pages.
   */
  pageNumber?: number | undefined;
  /**
   * The path of a file to write the result to, as JSON; previews write it too. The file is written completely or not at all,
   * replaces an existing file, and is readable by its owner only. A leading `~/` is the home directory. The folder must exist. An
   * existing path that isn't a regular file, such as a link or a device, is rejected. Default: no file.
   */
  outputFile?: string | undefined;
}

/** The arguments that all lookups share. Items without names have no arguments that select by name. */
export interface CommonArgs extends ListArgs, PageArgs {
  nameRegex?: string | undefined;
}

/**
 * Checks one argument. Adds any problem to `problems` and then returns `undefined`, as it does for an argument that isn't given.
 */
export type Check<Value> = (problems: Problems, path: string, value: unknown) => Value | undefined;

/** A check for each argument. */
export type ArgumentChecks<Args> = { readonly [Name in keyof Args]-?: Check<Args[Name]> };

/** Collects all problems of the arguments. */
export class Problems {
  readonly found: ArgumentProblem[] = [];

  add(property: string, reason: string): undefined {
    this.found.push({ property, reason });
    return undefined;
  }
}

/** Checks for a non-empty string. */
export function text(problems: Problems, path: string, value: unknown): string | undefined {
  if (value === undefined) {
    return undefined;
  }
  if (typeof value !== "string") {
    return problems.add(path, `must be a string, got ${describe(value)}`);
  }
  if (value === "") {
    return problems.add(path, "must not be empty; omit it to match any");
  }
  return wellFormed(problems, path, value);
}

/** Checks for an RE2 regular expression. */
export function pattern(problems: Problems, path: string, value: unknown): string | undefined {
  const expression = text(problems, path, value);
  if (expression === undefined) {
    return undefined;
  }
  try {
    compilePattern(expression);
    return expression;
  } catch (error) {
    // The compiler's message ends with the pattern, which may be a misplaced secret.
    const [why] = messageOf(error).split(": `", 1);
    return problems.add(path, `is not a valid RE2 regular expression: ${why}`);
  }
}

/** Checks for a list of non-empty strings. */
function texts(problems: Problems, path: string, value: unknown): string[] | undefined {
  if (value === undefined) {
    return undefined;
  }
  if (!Array.isArray(value)) {
    return problems.add(path, `must be a list of strings, got ${describe(value)}`);
  }
  const list: string[] = [];
  for (const [index, element] of value.entries()) {
    const place = `${path}[${index}]`;
    const checked =
      element === undefined
        ? problems.add(place, `must be a string, got ${describe(element)}`)
        : text(problems, place, element);
    if (checked !== undefined) {
      list.push(checked);
    }
  }
  return list;
}

/** Checks for a map of tags. */
export function tags(problems: Problems, path: string, value: unknown): Record<string, string> | undefined {
  if (value === undefined) {
    return undefined;
  }
  if (!isRecord(value)) {
    return problems.add(path, `must be a map of strings, got ${describe(value)}`);
  }
  const entries: [string, string][] = [];
  for (const [key, tagValue] of Object.entries(value)) {
    const place = propertyPath(path, key);
    if (key === "") {
      problems.add(place, "must not have an empty key");
    } else if (typeof tagValue !== "string") {
      problems.add(place, `must be a string, got ${describe(tagValue)}`);
    } else if (
      wellFormed(problems, place, key) !== undefined &&
      wellFormed(problems, place, tagValue) !== undefined
    ) {
      entries.push([key, tagValue]);
    }
  }
  return Object.fromEntries(entries);
}

/** Returns a check for an integer from 1 to `largest`. */
function integerUpTo(largest: number): Check<number> {
  return (problems, path, value) => {
    if (value === undefined) {
      return undefined;
    }
    if (typeof value !== "number" || !Number.isInteger(value) || value < 1 || value > largest) {
      return problems.add(path, `must be a whole number from 1 to ${largest}, got ${describe(value)}`);
    }
    return value;
  };
}

/** Returns a check for one of the given words. */
function oneOf<Word extends string>(...words: readonly Word[]): Check<Word> {
  return (problems, path, value) => {
    const word = words.find((candidate) => candidate === value);
    return word === undefined && value !== undefined
      ? problems.add(path, `must be ${words.join(" or ")}, got ${describe(value)}`)
      : word;
  };
}

/** The arguments that every list accepts besides its own. They are checked after its own. */
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

/** Rejects a lone surrogate, which has no UTF-8 form and can't be signed or sent. */
function wellFormed(problems: Problems, path: string, value: string): string | undefined {
  return value.isWellFormed()
    ? value
    : problems.add(path, "must be well-formed Unicode, but contains a lone surrogate");
}

/** Describes a rejected value. A string isn't repeated, because it may be a misplaced secret. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) {
    return String(value);
  }
  if (typeof value === "number" || typeof value === "boolean") {
    return String(value);
  }
  if (typeof value === "bigint") {
    return `the bigint ${value}`;
  }
  if (Array.isArray(value)) {
    return "a list";
  }
  if (typeof value === "string") {
    return "a string";
  }
  return value instanceof Promise ? "a Promise (await it first)" : `a value of type ${typeof value}`;
}
