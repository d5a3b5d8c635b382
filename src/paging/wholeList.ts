import { InconsistentListError } from "../errors/errors.js";
import { Inconsistency, type Page } from "./pages.js";

/** A whole list, as it was at one moment. */
export interface WholeList<Item> {
  readonly items: readonly Item[];
  /** The service's own count, or the number of items where it did not count them. */
  readonly totalCount: number;
}

/** Is told how far a listing is. */
export interface ListingWatcher {
  /** A listing begins, the first one or another one. */
  started(): void;
  pageRead(items: number, totalCount: number | undefined): void;
}

/** How often a list that changes while it is read is read again before giving up. */
export const mostListings = 5;

/**
 * Reads a whole list, and starts again when it changed under the reader.
 *
 * @param listPages starts a new listing.
 * @param watcher is told how far it is.
 * @throws InconsistentListError when no listing out of five was consistent.
 */
export async function gather<Item extends { readonly id: string }>(
  listPages: () => AsyncIterable<Page<Item>>,
  watcher: ListingWatcher,
): Promise<WholeList<Item>> {
  let last: Inconsistency | undefined;
  for (let listing = 1; listing <= mostListings; listing++) {
    try {
      watcher.started();
      return await gatherOnce(listPages(), watcher);
    } catch (failure) {
      if (!(failure instanceof Inconsistency)) {
        throw failure;
      }
      last = failure;
    }
  }
  throw new InconsistentListError(
    `The list of instances kept changing, or the service counts it wrongly: ${mostListings} listings did not give one consistent list (the last time ${last?.message}). Run it again when no instances are being created or deleted.`,
    { cause: last },
  );
}

async function gatherOnce<Item extends { readonly id: string }>(
  pages: AsyncIterable<Page<Item>>,
  watcher: ListingWatcher,
): Promise<WholeList<Item>> {
  const items = new Map<string, Item>();
  let totalCount: number | undefined;
  for await (const page of pages) {
    totalCount ??= page.totalCount;
    watcher.pageRead(page.items.length, page.totalCount);
    for (const item of page.items) {
      if (items.has(item.id)) {
        throw new Inconsistency(`instance ${item.id} came twice`);
      }
      items.set(item.id, item);
    }
  }
  if (totalCount !== undefined && items.size !== totalCount) {
    throw new Inconsistency(`${items.size} instances came while TotalCount is ${totalCount}`);
  }
  return { items: [...items.values()], totalCount: totalCount ?? items.size };
}
