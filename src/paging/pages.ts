import { setMaxListeners } from "node:events";
import { ShownError } from "../common/shown.js";

/** One page of a list, as the service gave it. */
export interface Page<Item> {
  readonly items: readonly Item[];
  /** How many items the whole list has; `undefined` when the service did not say. */
  readonly totalCount: number | undefined;
}

/** Reads one page, numbered from 1. Rejects with the signal's reason once that is aborted. */
export type PageSource<Item> = (
  pageNumber: number,
  pageSize: number,
  signal: AbortSignal,
) => Promise<Page<Item>>;

/** How pages are read. */
export interface PagingOptions {
  /** What messages call the items. */
  readonly noun: { readonly one: string; readonly many: string };
  /** How many items to ask for at once. */
  readonly pageSize: number;
  /** How many pages may be under way or waiting for the reader at once. */
  readonly ahead: number;
  readonly signal: AbortSignal;
  /** Whether this failure of the first page means that the service gives no pages of this size. */
  readonly refusesPageSize: (failure: unknown) => boolean;
  /** Called when a page shows more items than its own TotalCount allows. That total is not used. */
  readonly onWrongTotal: (totalCount: number) => void;
}

interface Identified {
  readonly id: string;
}

/** The pages do not belong to one and the same list. */
export class Inconsistency extends ShownError {}

/**
 * Reads a list page by page: in order for the reader, several at once from the service.
 *
 * The first page tells how many there are. The size of page that the service really gives is followed, whether it says
 * so, keeps silent about it or refuses a larger one. A list of unknown length is read one page after another until an
 * empty one. So is a list of which page 1 alone has more items than its TotalCount: a response that contradicts itself does
 * not come from a list that changes, but from a service that does not count.
 *
 * @throws Inconsistency as soon as one page contradicts another.
 */
export async function* readPages<Item extends Identified>(
  source: PageSource<Item>,
  options: PagingOptions,
): AsyncGenerator<Page<Item>, void, undefined> {
  const { page, asked } = await readFirstPage(source, options);
  const count = page.items.length;
  const miscounted = page.totalCount !== undefined && count > page.totalCount;
  const first = miscounted ? withoutTotal(page) : page;
  const { totalCount } = first;
  if (miscounted) {
    options.onWrongTotal(page.totalCount);
  }
  if (count === 0 && totalCount !== undefined && totalCount > 0) {
    throw new Inconsistency(`page 1 has no ${options.noun.many} while TotalCount is ${totalCount}`);
  }
  yield first;
  if (count === 0 || (count === totalCount && count < asked)) {
    return;
  }
  // There was more to give and the service gave this many: that is its size of page, whatever was asked for.
  const pageSize = count;
  if (totalCount !== undefined) {
    yield* readTheRest(source, { totalCount, pageSize }, options);
  } else {
    const later: PageSource<Item> = miscounted
      ? async (...args) => withoutTotal(await source(...args))
      : source;
    yield* readToTheEnd(later, first, pageSize, options.signal);
  }
}

function withoutTotal<Item>({ items }: Page<Item>): Page<Item> {
  return { items, totalCount: undefined };
}

async function readFirstPage<Item>(
  source: PageSource<Item>,
  options: PagingOptions,
): Promise<{ page: Page<Item>; asked: number }> {
  let { pageSize } = options;
  for (;;) {
    try {
      return { page: await source(1, pageSize, options.signal), asked: pageSize };
    } catch (failure) {
      if (pageSize === 1 || !options.refusesPageSize(failure)) {
        throw failure;
      }
      pageSize = Math.floor(pageSize / 2);
    }
  }
}

/** Pages 2 and on of a list whose length is known, up to `ahead` of them at once. */
async function* readTheRest<Item>(
  source: PageSource<Item>,
  list: { readonly totalCount: number; readonly pageSize: number },
  options: PagingOptions,
): AsyncGenerator<Page<Item>, void, undefined> {
  const { totalCount, pageSize } = list;
  const lastPage = Math.ceil(totalCount / pageSize);
  // A short last page proves that the list ends there. After a full one only a further, empty page does: a service that
  // counts what is on the page instead of what is in the list would cut it short in silence.
  const end = totalCount % pageSize === 0 ? lastPage + 1 : lastPage;
  const pages = new PagesUnderWay(source, pageSize, options.signal);
  try {
    let next = 2;
    for (let pageNumber = 2; pageNumber <= end; pageNumber++) {
      while (next <= end && pages.count < options.ahead) {
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
          `page ${pageNumber} has ${page.items.length} ${options.noun.many} instead of ${expected}, with ${pageSize} a page and a TotalCount of ${totalCount}`,
        );
      }
      if (expected > 0) {
        yield page;
      }
    }
  } finally {
    pages.abandon();
  }
}

/** Pages 2 and on of a list whose length the service does not tell. */
async function* readToTheEnd<Item extends Identified>(
  source: PageSource<Item>,
  first: Page<Item>,
  pageSize: number,
  signal: AbortSignal,
): AsyncGenerator<Page<Item>, void, undefined> {
  // One id a page is enough to notice a service that gives the same pages again and again.
  const pageStarts = new Set([first.items[0]?.id]);
  for (let pageNumber = 2; ; pageNumber++) {
    const page = await source(pageNumber, pageSize, signal);
    if (page.items.length === 0) {
      return;
    }
    if (page.items.some(({ id }) => pageStarts.has(id))) {
      throw new Inconsistency(`page ${pageNumber} repeats an earlier page`);
    }
    pageStarts.add(page.items[0]?.id);
    yield page;
  }
}

/** Pages that were asked for and not yet taken, in order. The first failure ends all of them, with itself as the reason. */
class PagesUnderWay<Item> {
  readonly #source: PageSource<Item>;
  readonly #pageSize: number;
  readonly #signal: AbortSignal;
  readonly #abort = new AbortController();
  readonly #onAbort = () => this.#abort.abort(this.#signal.reason);
  readonly #queue: Promise<Page<Item>>[] = [];

  constructor(source: PageSource<Item>, pageSize: number, signal: AbortSignal) {
    // Every page under way listens to it, and no more are than the reader asked for.
    setMaxListeners(0, this.#abort.signal);
    this.#source = source;
    this.#pageSize = pageSize;
    this.#signal = signal;
    signal.addEventListener("abort", this.#onAbort);
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
    this.#signal.removeEventListener("abort", this.#onAbort);
    this.#abort.abort();
  }
}
