import { InconsistentListError } from "../errors/errors.js";
import type { PageSource } from "./pages.js";
import type { WholeList } from "./wholeList.js";

/**
 * Reads one page and no other. A page of another size would be another page, so a service that gives smaller pages is not
 * followed here.
 *
 * @throws InconsistentListError when the page is shorter than it should be.
 */
export async function readOnePage<Item>(
  source: PageSource<Item>,
  pageNumber: number,
  pageSize: number,
  signal: AbortSignal,
): Promise<WholeList<Item>> {
  const { items, totalCount } = await source(pageNumber, pageSize, signal);
  const left =
    totalCount === undefined ? items.length : Math.max(0, totalCount - (pageNumber - 1) * pageSize);
  const expected = Math.min(pageSize, left);
  if (items.length < expected) {
    throw new InconsistentListError(
      `The service gave ${items.length} instances for page ${pageNumber} where ${expected} were to be expected: it gives smaller pages than the ${pageSize} asked for. Give a smaller pageSize, or leave pageNumber out to read all pages.`,
    );
  }
  return { items, totalCount: totalCount ?? items.length };
}
