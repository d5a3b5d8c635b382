import { Inconsistency, isWholeList, type Page, type PageSource, type PagingOptions } from "./pages.js";
import { streamPages } from "./wholeList.js";

/** The position in a list from which reading can continue. */
export interface Cursor {
  /** The number of pages read. */
  readonly pages: number;
  /** The number of items on a page. */
  readonly pageSize: number;
  /** The number of items in the list; `undefined` when the service didn't return it. */
  readonly totalCount: number | undefined;
  /** The ID of the last item read. */
  readonly lastId: string;
}

/** A page, and the cursor of the next one; absent after the last page. */
export interface CursorPage<Item> {
  readonly items: readonly Item[];
  readonly next: Cursor | undefined;
}

/**
 * Streams the pages of a list from a cursor, or from the start.
 *
 * @throws InconsistentListError when the pages contradict each other, or the cursor.
 */
export async function* streamPagesFrom<Item extends { readonly id: string }>(
  source: PageSource<Item>,
  options: PagingOptions,
  cursor: Cursor | undefined,
): AsyncGenerator<CursorPage<Item>, void, undefined> {
  const pages =
    cursor === undefined
      ? streamPages(source, options)
      : streamPages(sourceAfter(source, cursor, options), { ...options, pageSize: cursor.pageSize });
  const requested = cursor?.pageSize ?? options.pageSize;
  const before = cursor === undefined ? 0 : cursor.pages * cursor.pageSize;
  let pageSize = cursor?.pageSize;
  let read = cursor?.pages ?? 0;
  for await (const page of pages) {
    const { items, totalCount } = page;
    read++;
    pageSize ??= isWholeList(page, requested) ? requested : items.length;
    const last = items.at(-1);
    yield {
      items,
      next:
        last === undefined || items.length < pageSize
          ? undefined
          : {
              pages: read,
              pageSize,
              totalCount: totalCount === undefined ? undefined : totalCount + before,
              lastId: last.id,
            },
    };
  }
}

/** Returns the pages after a cursor, as a list of their own. */
function sourceAfter<Item extends { readonly id: string }>(
  source: PageSource<Item>,
  { pages, pageSize, totalCount, lastId }: Cursor,
  { noun }: PagingOptions,
): PageSource<Item> {
  return async (number, _size, signal): Promise<Page<Item>> => {
    const page = await source(number + pages, pageSize, signal);
    if (totalCount === undefined) {
      return { items: page.items, totalCount };
    }
    if (page.totalCount !== totalCount) {
      throw new Inconsistency(
        `TotalCount was ${totalCount} on page ${pages} and ${page.totalCount ?? "missing"} on page ${number + pages}`,
      );
    }
    const left = Math.max(0, totalCount - pages * pageSize);
    if (number === 1) {
      if (page.items.some(({ id }) => id === lastId)) {
        throw new Inconsistency(`${noun.one} ${lastId} appears twice`);
      }
      if (page.items.length !== Math.min(pageSize, left)) {
        throw new Inconsistency(
          `page ${pages + 1} has ${page.items.length} ${noun.many}, expected ${Math.min(pageSize, left)}`,
        );
      }
    }
    return { items: page.items, totalCount: left };
  };
}
