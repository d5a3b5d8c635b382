import type { Reader } from "../api/reader.js";
import type { ErrorDetails, SelectionCandidate, SelectionError } from "../errors/errors.js";
import type { ArgumentChecks, CommonArgs } from "./arguments.js";

/** An item of a list, with a unique ID. */
export interface Listed {
  readonly id: string;
}

/** The words that messages use for the items. */
export interface Noun {
  readonly one: string;
  readonly many: string;
}

/** The result of a lookup, in order. */
export interface Found<Item extends Listed> {
  /** A checksum of `ids`. */
  readonly id: string;
  readonly ids: string[];
  /** The names, in the order of `ids`; empty for an item without a name. */
  readonly names: string[];
  readonly items: Item[];
  readonly totalCount: number;
}

/** An item as the service returned it, in which fields may be absent. The selection distinguishes an absent field from an empty one. */
export type AsRead<Item> = Partial<Item> & Listed;

/** The names of the arguments that must be given. */
type RequiredNames<Args> = {
  [Name in keyof Args]-?: undefined extends Args[Name] ? never : Name;
}[keyof Args];

/** The functions of a list, and their arguments. */
export interface ListArguments<Args> {
  readonly functions: {
    /** The name of the function that finds all matching items. */
    readonly all: string;
    /** The name of the function that finds exactly one item; absent when there is none. */
    readonly one?: string;
  };
  /** The check of each argument, the list's own arguments first. */
  readonly checks: ArgumentChecks<Args>;
  readonly required: Readonly<Record<RequiredNames<Args>, true>>;
}

/**
 * The description of an OutboundBot list API. It holds everything that differs between list APIs; paging, consistency, sharing,
 * retries, progress and errors are the same for all.
 */
export interface ListApi<Item extends Listed, Args extends CommonArgs, Result> extends ListArguments<Args> {
  /** The API action, which is also the name of the RAM action. */
  readonly action: string;
  readonly noun: Noun;
  /** The path of the items in the response. `TotalCount` is next to them. */
  readonly itemsPath: readonly string[];
  /** The names of 64-bit integer fields. */
  readonly longIntegers: readonly string[];
  /** Reads one item. Copies documented fields only, because an unknown field may be a secret and would be stored in a state. */
  readonly readItem: (wire: Reader) => AsRead<Item>;
  /** Returns a warning about valid arguments. Default: none. */
  readonly warningOf?: (args: Args) => string | undefined;
  /** Returns the request parameters by which the service filters. */
  readonly parameters: (args: Args) => object;
  /** Returns whether an item matches the filters that the service applied. An absent field counts as a match. */
  readonly matches: (item: AsRead<Item>, args: Args) => boolean;
  /** Returns whether an item matches the list's own arguments that the service doesn't filter by. Default: the list has none. */
  readonly selects?: (item: AsRead<Item>, args: Args) => boolean;
  /** Returns the item's name, or `undefined` if it has none. */
  readonly nameOf: (item: AsRead<Item>) => string | undefined;
  /** Returns the creation time, by which results are sorted. Items without a creation time are sorted by ID. */
  readonly createdAt: (item: AsRead<Item>) => number | undefined;
  /** Returns the item in the form that results have, with empty values for the fields that are never absent. */
  readonly toItem: (item: AsRead<Item>) => Item;
  /** Returns the result of the lookup. */
  readonly toResult: (args: Args, found: Found<Item>) => Result;
  /** The errors of the function that finds exactly one item. */
  readonly selection?: {
    /** The error class. Default: {@link SelectionError}. */
    readonly error?: new (
      code: string,
      reason: string,
      candidates: readonly SelectionCandidate[],
      details?: ErrorDetails,
    ) => SelectionError;
    /** Another possible reason when no item matches, as a sentence. */
    readonly ifNone?: string;
    /** What distinguishes the items when several match. Default: more arguments. */
    readonly ifSeveral?: string;
  };
}
