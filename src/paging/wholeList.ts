import { createHash } from "node:crypto";
import { InconsistentListError } from "../errors/errors.js";
import { Inconsistency, type Page, type PageSource, type PagingOptions, readPages } from "./pages.js";

/** A whole list, as it was at one moment. */
export interface WholeList<Item> {
  readonly items: readonly Item[];
  /** The service's own count, or the number of items where it gave none, or one that cannot be right. */
  readonly totalCount: number;
}

/** Is told how far a listing is. */
export interface ListingObserver {
  /** A listing begins, the first one or another one. */
  started(): void;
  pageRead(items: number, totalCount: number | undefined): void;
}

/**
 * How a whole list is made sure of. `counted`: one listing whose pages agree with each other and with TotalCount. `verified`: two such
 * listings in a row that have the same ids in the same order.
 */
export type Consistency = "counted" | "verified";

/** How many times a list is read at most. */
export const mostListings = { counted: 5, verified: 10 } as const satisfies Record<Consistency, number>;

/**
 * Reads a whole list, and starts again when it changed meanwhile.
 *
 * @throws InconsistentListError when no listing was consistent, or no two in a row were the same.
 */
export async function readWholeList<Item extends { readonly id: string }>(
  source: PageSource<Item>,
  options: PagingOptions,
  observer: ListingObserver,
  consistency: Consistency = "counted",
): Promise<WholeList<Item>> {
  let last: Inconsistency | undefined;
  let previous: string | undefined;
  for (let listing = 1; listing <= mostListings[consistency]; listing++) {
    try {
      observer.started();
      const { isOneResponse, ...list } = await readOnce(readPages(source, options), options, observer);
      // One response is a list of one moment.
      if (consistency === "counted" || isOneResponse) {
        return list;
      }
      const current = digestOf(list.items);
      if (current === previous) {
        return list;
      }
      if (previous !== undefined) {
        last = new Inconsistency("two listings in a row differed");
      }
      previous = current;
    } catch (failure) {
      if (!(failure instanceof Inconsistency)) {
        throw failure;
      }
      last = failure;
      previous = undefined;
    }
  }
  const { many } = options.noun;
  throw new InconsistentListError(
    `The list of ${many} kept changing, or the service counts it wrongly: ${mostListings[consistency]} listings did not give one consistent list (the last time ${last?.message}). Run it again when no ${many} are being created or deleted.`,
    { cause: last },
  );
}

/** The ids in their order, in a few bytes: another listing's items would take as much memory as the list. */
function digestOf(items: readonly { readonly id: string }[]): string {
  const hash = createHash("sha256");
  for (const { id } of items) {
    hash.update(JSON.stringify(id));
  }
  return hash.digest("base64");
}

async function readOnce<Item extends { readonly id: string }>(
  pages: AsyncIterable<Page<Item>>,
  { noun }: PagingOptions,
  observer: ListingObserver,
): Promise<WholeList<Item> & { readonly isOneResponse: boolean }> {
  const items: Item[] = [];
  const ids = new Set<string>();
  let totalCount: number | undefined;
  let count = 0;
  for await (const page of pages) {
    count++;
    totalCount ??= page.totalCount;
    observer.pageRead(page.items.length, page.totalCount);
    for (const item of page.items) {
      ids.add(item.id);
      if (items.push(item) > ids.size) {
        throw new Inconsistency(`${noun.one} ${item.id} came twice`);
      }
    }
  }
  if (totalCount !== undefined && items.length !== totalCount) {
    throw new Inconsistency(`${items.length} ${noun.many} came while TotalCount is ${totalCount}`);
  }
  return {
    items,
    totalCount: totalCount ?? items.length,
    isOneResponse: count === 1 && totalCount !== undefined,
  };
}

/**
 * Reads one page and no other. A page of another size would be another page, so a service that returns smaller pages is not
 * followed here.
 *
 * @throws InconsistentListError when the page has another length than its place and TotalCount ask for.
 */
export async function readOnePage<Item>(
  source: PageSource<Item>,
  pageNumber: number,
  { pageSize, signal, noun, onWrongTotal }: PagingOptions,
): Promise<WholeList<Item>> {
  const { items, totalCount } = await source(pageNumber, pageSize, signal);
  const count = items.length;
  if (totalCount === undefined) {
    return { items, totalCount: count };
  }
  const expected = Math.min(pageSize, Math.max(0, totalCount - (pageNumber - 1) * pageSize));
  // A full page was not cut, so that only the total can be wrong.
  if (count > totalCount || (count > expected && count === pageSize)) {
    onWrongTotal(totalCount);
    return { items, totalCount: count };
  }
  if (count !== expected) {
    throw new InconsistentListError(
      `Page ${pageNumber} has ${count} ${noun.many} instead of ${expected}, with ${pageSize} a page and a TotalCount of ${totalCount}. The service returns smaller pages than requested, or counts wrongly. Set a smaller pageSize, or leave pageNumber out to read all pages.`,
    );
  }
  return { items, totalCount };
}

/**
 * Streams the pages of a list in the service's order. What was yielded cannot be taken back, so a list that changes meanwhile is an
 * error at that point.
 *
 * Only neighbouring pages are compared, so that memory does not grow with the list: an item that is inserted or removed moves its
 * neighbours across the border of their pages.
 *
 * @throws InconsistentListError when the pages contradict each other.
 */
export async function* streamPages<Item extends { readonly id: string }>(
  source: PageSource<Item>,
  options: PagingOptions,
): AsyncGenerator<Page<Item>, void, undefined> {
  const { noun } = options;
  let previous = new Set<string>();
  try {
    for await (const page of readPages(source, options)) {
      const current = new Set<string>();
      for (const item of page.items) {
        if (previous.has(item.id) || current.has(item.id)) {
          throw new Inconsistency(`${noun.one} ${item.id} came twice`);
        }
        current.add(item.id);
      }
      yield page;
      previous = current;
    }
  } catch (failure) {
    if (failure instanceof Inconsistency) {
      throw new InconsistentListError(
        `The list of ${noun.many} changed while it was being read (${failure.message}). Start again.`,
        { cause: failure },
      );
    }
    throw failure;
  }
}

/** Streams the items of a list, as `streamPages` does its pages. */
export async function* streamItems<Item extends { readonly id: string }>(
  source: PageSource<Item>,
  options: PagingOptions,
): AsyncGenerator<Item, void, undefined> {
  for await (const { items } of streamPages(source, options)) {
    yield* items;
  }
}
