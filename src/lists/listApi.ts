import type { Reader } from "../api/reader.js";
import type { SelectionCandidate, SelectionError } from "../errors/errors.js";
import type { ArgumentChecks, CommonArgs } from "./arguments.js";

/** An item of a list. Its id distinguishes it from every other item. */
export interface Listed {
  readonly id: string;
}

/** What messages call the items. */
export interface Noun {
  readonly one: string;
  readonly many: string;
}

/** What a lookup found, in the order of a result. */
export interface Found<Item extends Listed> {
  /** A checksum of `ids`. */
  readonly id: string;
  readonly ids: string[];
  /** Empty for an item without a name. */
  readonly names: string[];
  readonly items: Item[];
  readonly totalCount: number;
}

/** The functions of a list, and the arguments that they take. */
export interface ListArguments<Args> {
  readonly functions: {
    /** Finds all items that match. */
    readonly all: string;
    /** Finds exactly one; absent where no function does. */
    readonly one?: string;
  };
  /** How each argument is checked, the list's own ones first. */
  readonly checks: ArgumentChecks<Args>;
}

/**
 * A list API of OutboundBot. Paging, consistency, sharing, retries, progress and errors take everything that differs between such
 * APIs from here.
 *
 * @typeParam Read an item as read, in which what the service left out is absent. The selection decides on it.
 */
export interface ListApi<Item extends Read, Args extends CommonArgs, Result, Read extends Listed = Item>
  extends ListArguments<Args> {
  /** The API's name of the action, which is also the name that RAM knows. */
  readonly action: string;
  readonly noun: Noun;
  /** Where the items stand in the response. `TotalCount` stands beside them. */
  readonly itemsPath: readonly string[];
  /** The names of fields that are 64 bits wide. */
  readonly longIntegers: readonly string[];
  /** Reads one item. Only documented fields are copied, so that no unknown one, which may be a secret, gets into a state. */
  readonly readItem: (wire: Reader) => Read;
  /** What a user should know of arguments that are right in themselves. Default: nothing. */
  readonly warningOf?: (args: Args) => string | undefined;
  /** The parameters that the service filters by. */
  readonly parameters: (args: Args) => object;
  /** Whether an item agrees with what the service was asked for, as far as the item shows it. */
  readonly matches: (item: Read, args: Args) => boolean;
  /** Whether an item matches the list's own arguments that the service does not filter by. Default: it has none. */
  readonly selects?: (item: Read, args: Args) => boolean;
  /** Absent for an item without a name, and for items that have none. */
  readonly nameOf: (item: Read) => string | undefined;
  /** When the item was created, which results are ordered by; those of unknown age are ordered by id. */
  readonly createdAt: (item: Read) => number | undefined;
  /** The item as results have it. */
  readonly toItem: (item: Read) => Item;
  /** Puts a result together. */
  readonly toResult: (args: Args, found: Found<Item>) => Result;
  /** How the function that finds exactly one item fails. */
  readonly selection?: {
    /** Default: {@link SelectionError}. */
    readonly error?: new (
      code: string,
      reason: string,
      candidates: readonly SelectionCandidate[],
    ) => SelectionError;
    /** What else may be the reason when no item matches, in a sentence. */
    readonly ifNone?: string;
    /** What distinguishes items when several match. Default: more arguments. */
    readonly ifSeveral?: string;
  };
}
