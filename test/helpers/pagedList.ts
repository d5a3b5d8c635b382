import { setImmediate } from "node:timers/promises";
import type { Page, PageSource, PagingOptions } from "../../src/paging/pages.js";

export interface Item {
  readonly id: string;
}

/** Returns `count` items: `i0`, `i1`, … */
export function items(count: number): Item[] {
  return Array.from({ length: count }, (_, index) => ({ id: `i${index}` }));
}

/** The service's error for a page size that is too large. */
export class PageTooLarge extends Error {}

/** The behavior of a list in memory. */
export interface ListBehaviour {
  /** The maximum page size; a larger page is cut to it. */
  readonly cap?: number;
  /** Whether the size of a cut page is reported. */
  readonly reported?: boolean;
  /** Whether a larger page is rejected instead of cut. */
  readonly refuse?: boolean;
  /** Returns the total count of a page, instead of the correct one. */
  readonly total?: (pageNumber: number) => number | undefined;
  /** Called before a page is created, with the number of the call from 1. */
  readonly before?: (call: number, pageNumber: number) => void | Promise<void>;
  /** Changes a page before it is returned. */
  readonly spoil?: (page: Page<Item>, call: number, pageNumber: number) => Page<Item>;
}

/** A list in memory that is read page by page and records the calls. */
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
    const {
      cap = Number.POSITIVE_INFINITY,
      refuse = false,
      reported = false,
      total,
      before,
      spoil,
    } = this.#behaviour;
    this.calls.push({ pageNumber, pageSize });
    const call = this.calls.length;
    this.underWay++;
    this.mostUnderWay = Math.max(this.mostUnderWay, this.underWay);
    try {
      // Without a hook, the page is created immediately, so that an earlier call doesn't see a change before a later one.
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
        ...(reported ? { pageSize: size } : {}),
      };
      return spoil?.(page, call, pageNumber) ?? page;
    } finally {
      this.underWay--;
    }
  };
}

/** Returns paging options: pages of 100, 8 ahead. */
export function options(changes: Partial<PagingOptions> = {}): PagingOptions {
  return {
    noun: { one: "instance", many: "instances" },
    operation: "ListInstances",
    pageSize: 100,
    ahead: 8,
    signal: new AbortController().signal,
    rejectsPageSize: (failure) => failure instanceof PageTooLarge,
    onWrongTotal: () => {},
    ...changes,
  };
}

/** Returns all elements of an iteration. */
export async function collect<T>(iterable: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const element of iterable) {
    all.push(element);
  }
  return all;
}
