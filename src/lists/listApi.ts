import type { Reader } from "../api/reader.js";

/** An item of a list. Its id distinguishes it from every other item. */
export interface Listed {
  readonly id: string;
}

/** What messages call the items. */
export interface Noun {
  readonly one: string;
  readonly many: string;
}

/** The types of all arguments, whichever function takes them. */
export interface ArgumentTypes {
  tags: Record<string, string>;
  name: string;
  nameRegex: string;
  ids: string[];
  resourceGroupId: string;
  pageSize: number;
  pageNumber: number;
  outputFile: string;
  region: string;
  endpoint: string;
  profile: string;
}

export type ArgumentName = keyof ArgumentTypes;

/** Arguments that were checked: only those that were given. */
export type Arguments = { [Name in ArgumentName]?: ArgumentTypes[Name] | undefined };

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

/**
 * A list API of OutboundBot. Paging, consistency, sharing, retries, progress and errors take everything that differs between such
 * APIs from here.
 *
 * @typeParam Read an item as read, in which what the service left out is absent. The selection decides on it.
 */
export interface ListApi<Item extends Read, Result, Read extends Listed = Item> {
  /** The API's name of the action. */
  readonly action: string;
  readonly ramAction: string;
  readonly noun: Noun;
  /** Where the items stand in the response. `TotalCount` stands beside them. */
  readonly itemsPath: readonly string[];
  /** The names of fields that are 64 bits wide. */
  readonly longIntegers: readonly string[];
  /** Reads one item. Only documented fields are copied, so that no unknown one, which may be a secret, gets into a state. */
  readonly readItem: (wire: Reader) => Read;
  /** The parameters that the service filters by. */
  readonly parameters: (args: Arguments) => object;
  /** Whether an item agrees with what the service was asked for, as far as the item shows it. */
  readonly matches: (item: Read, args: Arguments) => boolean;
  readonly nameOf: (item: Read) => string | undefined;
  /** When the item was created, which results are ordered by. */
  readonly createdAt: (item: Read) => number | undefined;
  /** The item as results have it. */
  readonly toItem: (item: Read) => Item;
  /** Puts a result together. */
  readonly toResult: (args: Arguments, found: Found<Item>) => Result;
}
