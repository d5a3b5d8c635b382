import { InconsistentListError } from "../errors/errors.js";
import { type Cursor, Inconsistency, type PageSource, type PagingOptions, readPages } from "./pages.js";

/** A page, and the cursor of the next one; absent after the last page. */
export interface CursorPage<Item> {
  readonly items: readonly Item[];
  readonly next: Cursor | undefined;
}

/**
 * Streams the pages of a list in the service's order, from a cursor or from the start. Yielded pages can't be taken back, so a
 * list that changes in the meantime is an error at that point.
 *
 * Only adjacent pages are compared, so that memory doesn't grow with the list. That is enough: an inserted or removed item moves
 * its neighbors across a page boundary.
 *
 * @throws InconsistentListError when the pages contradict each other, or the cursor.
 */
export async function* streamPages<Item extends { readonly id: string }>(
  source: PageSource<Item>,
  options: PagingOptions,
  cursor?: Cursor,
): AsyncGenerator<CursorPage<Item>, void, undefined> {
  let pages = cursor?.pages ?? 0;
  let previous = new Set(cursor === undefined ? [] : [cursor.lastId]);
  try {
    for await (const { items, totalCount, pageSize } of readPages(source, options, cursor)) {
      const current = new Set<string>();
      for (const { id } of items) {
        if (previous.has(id) || current.has(id)) {
          throw new Inconsistency(`${options.noun.one} ${id} appears twice`);
        }
        current.add(id);
      }
      pages++;
      previous = current;
      const lastId = items.at(-1)?.id;
      const isLast = lastId === undefined || items.length < pageSize;
      yield { items, next: isLast ? undefined : { pages, pageSize, totalCount, lastId } };
    }
  } catch (failure) {
    if (failure instanceof Inconsistency) {
      throw new InconsistentListError(
        `${options.operation} failed: the list changed while it was being read (${failure.message}).`,
        { cause: failure, advice: "Start the listing again." },
      );
    }
    throw failure;
  }
}
