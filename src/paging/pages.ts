import { onAbort } from "../common/abort.js";
import { RedactedError } from "../common/redact.js";

/** One page of a list, as the service returned it. */
export interface Page<Item> {
  readonly items: readonly Item[];
  /** The number of items in the whole list; `undefined` when the service didn't return it. */
  readonly totalCount: number | undefined;
  /** The page size that the service reports; absent when the service reports none. */
  readonly pageSize?: number | undefined;
}

/** Reads one page, numbered from 1. Rejects with the signal's reason once the signal is aborted. */
export type PageSource<Item> = (
  pageNumber: number,
  pageSize: number,
  signal: AbortSignal,
) => Promise<Page<Item>>;

/** The options of reading pages. */
export interface PagingOptions {
  /** The words that messages use for the items. */
  readonly noun: { readonly one: string; readonly many: string };
  /** The operation that reads the pages, with which messages begin. */
  readonly operation: string;
  /** The number of items to request per page. */
  readonly pageSize: number;
  /** The maximum number of pages in flight or waiting for the reader. */
  readonly ahead: number;
  readonly signal: AbortSignal;
  /** Returns whether this failure of page 1 means that the service doesn't support the page size. */
  readonly rejectsPageSize: (failure: unknown) => boolean;
  /** Called when a page has more items than its own TotalCount. That total is ignored. */
  readonly onWrongTotal: (totalCount: number) => void;
}

interface Identified {
  readonly id: string;
}

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

/** A page, and the page size of its list. */
interface ListedPage<Item> extends Page<Item> {
  readonly pageSize: number;
}

/** The error for pages that don't belong to the same list. */
export class Inconsistency extends RedactedError {}

/**
 * Reads a list page by page, from the start or after a cursor: in order for the reader, several at once from the service.
 *
 * The TotalCount of page 1 gives the number of pages. The page size that the service really returns is used, whether the
 * service reports it, doesn't report it or rejects a larger one. A list of unknown length is read page by page until an empty
 * page. The same applies if page 1 has more items than its TotalCount. A changing list can't cause that, so the TotalCount is
 * wrong.
 *
 * @throws Inconsistency as soon as one page contradicts another.
 */
export async function* readPages<Item extends Identified>(
  source: PageSource<Item>,
  options: PagingOptions,
  after?: Cursor,
): AsyncGenerator<ListedPage<Item>, void, undefined> {
  if (after !== undefined) {
    yield* readPagesAfter(source, after, options);
    return;
  }
  const { page, requested } = await readFirstPage(source, options);
  const { items } = page;
  const isMiscounted = page.totalCount !== undefined && items.length > page.totalCount;
  if (isMiscounted) {
    options.onWrongTotal(page.totalCount);
  }
  const totalCount = isMiscounted ? undefined : page.totalCount;
  const lastId = items.at(-1)?.id;
  if (lastId === undefined && totalCount !== undefined && totalCount > 0) {
    throw new Inconsistency(`page 1 has no ${options.noun.many}, but TotalCount is ${totalCount}`);
  }
  // If a service caps the page size and counts the page instead of the list, only the reported size shows it.
  const couldHoldMore = items.length < Math.min(requested, page.pageSize ?? requested);
  const isWhole = items.length === 0 || (items.length === totalCount && couldHoldMore);
  // Otherwise the page could have held more items, so this number is the service's page size, whatever was requested.
  const pageSize = isWhole ? requested : items.length;
  yield { items, totalCount, pageSize };
  if (!isWhole && lastId !== undefined) {
    const later = isMiscounted ? withoutTotals(source) : source;
    yield* readPagesAfter(later, { pages: 1, pageSize, totalCount, lastId }, options);
  }
}

function withoutTotals<Item>(source: PageSource<Item>): PageSource<Item> {
  return async (...request) => ({ items: (await source(...request)).items, totalCount: undefined });
}

async function readFirstPage<Item>(
  source: PageSource<Item>,
  options: PagingOptions,
): Promise<{ page: Page<Item>; requested: number }> {
  let { pageSize } = options;
  for (;;) {
    try {
      return { page: await source(1, pageSize, options.signal), requested: pageSize };
    } catch (failure) {
      if (pageSize === 1 || !options.rejectsPageSize(failure)) {
        throw failure;
      }
      pageSize = Math.floor(pageSize / 2);
    }
  }
}

function readPagesAfter<Item extends Identified>(
  source: PageSource<Item>,
  { totalCount, ...after }: Cursor,
  options: PagingOptions,
): AsyncGenerator<ListedPage<Item>, void, undefined> {
  return totalCount === undefined
    ? readUncountedPages(source, after, options.signal)
    : readCountedPages(source, { ...after, totalCount }, options);
}

/** Reads the later pages of a list of known length, up to `ahead` of them at once. */
async function* readCountedPages<Item>(
  source: PageSource<Item>,
  { pages: read, pageSize, totalCount }: Cursor & { readonly totalCount: number },
  { ahead, noun, signal }: PagingOptions,
): AsyncGenerator<ListedPage<Item>, void, undefined> {
  const lastPage = Math.ceil(totalCount / pageSize);
  // A short last page proves the end of the list. A full one doesn't: a service that counts the page instead of the list would
  // silently cut the list short, so one more page is read.
  const end = totalCount % pageSize === 0 ? lastPage + 1 : lastPage;
  const pages = new PagesInFlight(source, pageSize, signal);
  try {
    let next = read + 1;
    for (let pageNumber = next; pageNumber <= end; pageNumber++) {
      while (next <= end && pages.count < ahead) {
        pages.start(next++);
      }
      const page = await pages.takeFirst();
      if (page.totalCount !== undefined && page.totalCount !== totalCount) {
        throw new Inconsistency(
          `TotalCount was ${totalCount} on page 1 and ${page.totalCount} on page ${pageNumber}`,
        );
      }
      const expected = Math.max(0, Math.min(pageSize, totalCount - (pageNumber - 1) * pageSize));
      if (page.items.length !== expected) {
        throw new Inconsistency(
          `page ${pageNumber} has ${page.items.length} ${noun.many}, expected ${expected} (page size ${pageSize}, TotalCount ${totalCount})`,
        );
      }
      if (expected > 0) {
        yield { ...page, pageSize };
      }
    }
  } finally {
    pages.abandon();
  }
}

/** Reads the later pages of a list of unknown length. */
async function* readUncountedPages<Item extends Identified>(
  source: PageSource<Item>,
  { pages, pageSize, lastId }: Omit<Cursor, "totalCount">,
  signal: AbortSignal,
): AsyncGenerator<ListedPage<Item>, void, undefined> {
  // This detects a service that repeats pages forever (Brent's algorithm), and memory doesn't grow with the list.
  let marker: string | undefined = lastId;
  for (let pageNumber = pages + 1; ; pageNumber++) {
    const page = await source(pageNumber, pageSize, signal);
    if (page.items.length === 0) {
      return;
    }
    if (page.items.some(({ id }) => id === marker)) {
      throw new Inconsistency(`page ${pageNumber} repeats an earlier page`);
    }
    if (Number.isInteger(Math.log2(pageNumber))) {
      marker = page.items[0]?.id;
    }
    yield { ...page, pageSize };
  }
}

/**
 * The requested pages that haven't been read yet, in order. The first failure cancels all of them, and is the reason of their
 * signal.
 */
class PagesInFlight<Item> {
  readonly #source: PageSource<Item>;
  readonly #pageSize: number;
  readonly #signal: AbortSignal;
  readonly #abort = new AbortController();
  readonly #removeCallback: () => void;
  readonly #queue: Promise<Page<Item>>[] = [];

  constructor(source: PageSource<Item>, pageSize: number, signal: AbortSignal) {
    this.#source = source;
    this.#pageSize = pageSize;
    this.#signal = signal;
    this.#removeCallback = onAbort(signal, () => this.#abort.abort(signal.reason));
  }

  get count(): number {
    return this.#queue.length;
  }

  start(pageNumber: number): void {
    const page = this.#source(pageNumber, this.#pageSize, this.#abort.signal);
    page.catch((failure: unknown) => this.#abort.abort(failure));
    this.#queue.push(page);
  }

  async takeFirst(): Promise<Page<Item>> {
    this.#signal.throwIfAborted();
    const page = this.#queue.shift();
    if (page === undefined) {
      throw new RangeError("no page is under way");
    }
    return page;
  }

  abandon(): void {
    this.#removeCallback();
    this.#abort.abort();
  }
}
