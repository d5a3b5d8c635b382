import { setImmediate } from "node:timers/promises";
import type { Page, PageSource, PagingOptions } from "../../src/paging/pages.js";

export interface Item {
  readonly id: string;
}

/** `count` items, `i0`, `i1`, … */
export function items(count: number): Item[] {
  return Array.from({ length: count }, (_, index) => ({ id: `i${index}` }));
}

/** The service's refusal of a size of page. */
export class PageTooLarge extends Error {}

/** How a list in memory is given out. */
export interface ListBehaviour {
  /** The most items on a page; a larger page is cut to it. */
  readonly cap?: number;
  /** A larger page is refused in place of being cut. */
  readonly refuse?: boolean;
  /** What is said of the number of items, in place of the truth. */
  readonly total?: (pageNumber: number) => number | undefined;
  /** Called before a page is made, with the number of the call from 1. */
  readonly before?: (call: number, pageNumber: number) => void | Promise<void>;
  /** Changes a page before it is given. */
  readonly spoil?: (page: Page<Item>, call: number, pageNumber: number) => Page<Item>;
}

/** A list in memory that is read page by page, and takes note of how. */
export class PagedList {
  content: Item[];
  readonly calls: { readonly pageNumber: number; readonly pageSize: number }[] = [];
  underWay = 0;
  mostUnderWay = 0;
  readonly #behaviour: ListBehaviour;

  constructor(content: Item[], behaviour: ListBehaviour = {}) {
    this.content = content;
    this.#behaviour = behaviour;
  }

  readonly source: PageSource<Item> = async (pageNumber, pageSize, signal) => {
    const { cap = Number.POSITIVE_INFINITY, refuse = false, total, before, spoil } = this.#behaviour;
    this.calls.push({ pageNumber, pageSize });
    const call = this.calls.length;
    this.underWay++;
    this.mostUnderWay = Math.max(this.mostUnderWay, this.underWay);
    try {
      // Without a wait the page is made at once, so that a change before one call is not seen by an earlier one.
      const wait = before === undefined ? setImmediate() : before(call, pageNumber);
      if (wait !== undefined) {
        await wait;
      }
      signal.throwIfAborted();
      if (refuse && pageSize > cap) {
        throw new PageTooLarge();
      }
      const size = Math.min(pageSize, cap);
      const start = (pageNumber - 1) * size;
      const page = {
        items: this.content.slice(start, start + size),
        totalCount: total === undefined ? this.content.length : total(pageNumber),
      };
      return spoil?.(page, call, pageNumber) ?? page;
    } finally {
      this.underWay--;
    }
  };
}

/** Options to read with: pages of 100, 8 ahead. */
export function options(changes: Partial<PagingOptions> = {}): PagingOptions {
  return {
    noun: { one: "instance", many: "instances" },
    pageSize: 100,
    ahead: 8,
    signal: new AbortController().signal,
    refusesPageSize: (failure) => failure instanceof PageTooLarge,
    onWrongTotal: () => {},
    ...changes,
  };
}

/** All elements of an iteration. */
export async function collect<T>(iterable: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const element of iterable) {
    all.push(element);
  }
  return all;
}
