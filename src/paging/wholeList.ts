import { createHash } from "node:crypto";
import { InconsistentListError } from "../errors/errors.js";
import { Inconsistency, type Page, type PageSource, type PagingOptions, readPages } from "./pages.js";

/** A whole list at one point in time. */
export interface WholeList<Item> {
  readonly items: readonly Item[];
  /** The service's count. If it's absent or can't be right, the number of items. */
  readonly totalCount: number;
}

/** Receives the progress of a listing. */
export interface ListingObserver {
  /** Called when the first listing or a repeated listing starts. */
  started(): void;
  pageRead(items: number, totalCount: number | undefined): void;
}

/**
 * How a whole list is verified. `counted`: by one listing whose pages agree with each other and with TotalCount. `verified`: by
 * two such listings in a row with the same IDs in the same order. A list without a usable TotalCount is always verified that way.
 */
export type Consistency = "counted" | "verified";

/** The maximum number of listings. */
export const mostListings = { counted: 5, verified: 10 } as const satisfies Record<Consistency, number>;

/**
 * Reads a whole list, and starts again if it changed in the meantime.
 *
 * @throws InconsistentListError when no listing was consistent, or no two consecutive listings were the same.
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
      const { isCounted, isOneResponse, ...list } = await readOnce(
        readPages(source, options),
        options,
        observer,
      );
      // A single response is always a list at one point in time. Without a count, one listing proves nothing about several.
      if (isOneResponse || (isCounted && consistency === "counted")) {
        return list;
      }
      const current = digestOf(list.items);
      if (current === previous) {
        return list;
      }
      if (previous !== undefined) {
        last = new Inconsistency("two listings in a row differ");
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
  throw new InconsistentListError(
    `${options.operation} failed: no consistent list after ${mostListings[consistency]} attempts. The list kept changing, or its TotalCount is wrong: ${last?.message}.`,
    { cause: last, advice: `Retry when no ${options.noun.many} are being created or deleted.` },
  );
}

/** Returns a short digest of the IDs in order, because keeping the items of another listing would double the memory. */
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
): Promise<WholeList<Item> & { readonly isCounted: boolean; readonly isOneResponse: boolean }> {
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
        throw new Inconsistency(`${noun.one} ${item.id} appears twice`);
      }
    }
  }
  if (totalCount !== undefined && items.length !== totalCount) {
    throw new Inconsistency(`the pages have ${items.length} ${noun.many}, but TotalCount is ${totalCount}`);
  }
  return {
    items,
    totalCount: totalCount ?? items.length,
    isCounted: totalCount !== undefined,
    isOneResponse: count === 1 && (totalCount !== undefined || items.length === 0),
  };
}

/**
 * Reads one page only. Never adapts the page size, because a smaller size would make it a different page.
 *
 * @throws InconsistentListError when the page has an item twice, the service reports a smaller page size, or the length of the
 * page contradicts its number and TotalCount.
 */
export async function readOnePage<Item extends { readonly id: string }>(
  source: PageSource<Item>,
  pageNumber: number,
  { pageSize, signal, noun, operation, onWrongTotal }: PagingOptions,
): Promise<WholeList<Item>> {
  const { items, totalCount, pageSize: used = pageSize } = await source(pageNumber, pageSize, signal);
  const count = items.length;
  const ids = new Set<string>();
  const repeated = items.find(({ id }) => ids.size === ids.add(id).size);
  if (repeated !== undefined) {
    throw new InconsistentListError(
      `${operation} failed: ${noun.one} ${repeated.id} appears twice on page ${pageNumber}.`,
      { advice: `Retry when no ${noun.many} are being created or deleted.` },
    );
  }
  // A smaller page has the requested items only if it is a whole list, or if it is past the end.
  if (used < pageSize && (pageNumber === 1 ? count >= used : count > 0)) {
    throw new InconsistentListError(
      `${operation} failed: the service returned page ${pageNumber} with a page size of ${used} instead of ${pageSize}.`,
      { advice: smallerPages },
    );
  }
  if (totalCount === undefined) {
    return { items, totalCount: count };
  }
  const expected = Math.min(pageSize, Math.max(0, totalCount - (pageNumber - 1) * pageSize));
  // A full page wasn't cut, so only the total can be wrong.
  if (count > totalCount || (count > expected && count === pageSize)) {
    onWrongTotal(totalCount);
    return { items, totalCount: count };
  }
  if (count !== expected) {
    throw new InconsistentListError(
      `${operation} failed: page ${pageNumber} has ${count} ${noun.many}, expected ${expected} (page size ${pageSize}, TotalCount ${totalCount}). The service caps the page size, or the TotalCount is wrong.`,
      { advice: smallerPages },
    );
  }
  return { items, totalCount };
}

const smallerPages = "Set a smaller pageSize, or omit pageNumber to read all pages.";
