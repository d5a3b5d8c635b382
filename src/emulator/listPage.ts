import type { ListFault } from "./faults.js";
import type { TagFilter } from "./instanceList.js";
import { parameter, type ServiceRequest } from "./request.js";
import { invalidParameter, missingParameter } from "./serviceError.js";

/** The maximum page size, and how the emulator handles a larger one. The service's own limit isn't documented. */
export interface PageLimit {
  /** The maximum number of instances on a page, from 1 to 100,000. */
  readonly size: number;
  /**
   * What happens to a larger PageSize. `reported`: the page is cut to the limit, and the response's PageSize states the limit.
   * `silent`: the page is cut, and the response repeats the requested size. `refused`: 400 `InvalidParameter.PageSize`. `said`
   * and `unsaid` are deprecated names of the first two.
   */
  readonly mode: "reported" | "silent" | "refused" | "said" | "unsaid";
}

/** The page that a call requests. */
export interface PageQuery {
  /** The page number, from 1. */
  readonly pageNumber: number;
  readonly pageSize: number;
}

/** The items that a call lists, selected by its parameters. */
export interface Listing {
  /** The tags of the request. */
  readonly tags: readonly TagFilter[];
  /** Returns the current number of selected items. */
  size(): number;
  /** Returns the JSON of each selected item. */
  page(start: number, end: number): string[];
  /** Inserts an item that the call selects at the start or the end. */
  insert(place: "first" | "last"): void;
  /** Removes the first selected item. */
  removeFirst(): void;
  /** Puts counts and items where the action's response has them. Both are JSON without the outer braces and brackets. */
  envelope(counts: string, items: string): string;
}

/** Returns the body of the response, changed by the list faults that apply to the call. */
export function listPage(
  listing: Listing,
  { pageNumber, pageSize }: PageQuery,
  pageLimit: PageLimit | undefined,
  faults: readonly ListFault[],
  requestId: string,
): string {
  if (pageLimit?.mode === "refused" && pageSize > pageLimit.size) {
    throw invalidParameter(
      "PageSize",
      `The parameter PageSize must be at most ${pageLimit.size}, got ${pageSize}.`,
    );
  }
  for (const fault of faults) {
    if (fault.kind === "changed") {
      change(listing, fault.change);
    }
  }
  const size = Math.min(pageSize, pageLimit?.size ?? pageSize);
  const start = faults.some(({ kind }) => kind === "repeat") ? 0 : (pageNumber - 1) * size;
  const items = faults.some(({ kind }) => kind === "empty-page") ? [] : listing.page(start, start + size);
  const wrongTotal = faults.find((fault) => fault.kind === "total-wrong");
  const counts = JSON.stringify({
    TotalCount: faults.some(({ kind }) => kind === "total-missing")
      ? undefined
      : (wrongTotal?.total ?? listing.size()),
    PageNumber: pageNumber,
    PageSize: pageLimit?.mode === "reported" ? size : pageSize,
  });
  const head = JSON.stringify({
    HttpStatusCode: 200,
    Code: "OK",
    Message: "Success",
    RequestId: requestId,
    Success: true,
  });
  return `${head.slice(0, -1)},${listing.envelope(counts.slice(1, -1), items.join(","))}}`;
}

function change(listing: Listing, how: "inserted" | "removed" | "swapped"): void {
  if (how !== "inserted") {
    listing.removeFirst();
  }
  if (how !== "removed") {
    listing.insert(how === "inserted" ? "first" : "last");
  }
}

/**
 * Reads the page that a call requests.
 *
 * @param defaultSize the page size of a call that states none. If absent, the call must state both page number and page size.
 */
export function readPageQuery(request: ServiceRequest, defaultSize?: number): PageQuery {
  return {
    pageNumber: positiveInteger(request, "PageNumber", defaultSize === undefined ? undefined : 1),
    pageSize: positiveInteger(request, "PageSize", defaultSize),
  };
}

function positiveInteger(request: ServiceRequest, name: string, otherwise: number | undefined): number {
  const text = parameter(request, name);
  if (text === undefined || text === "") {
    if (otherwise === undefined) {
      throw missingParameter(name);
    }
    return otherwise;
  }
  const value = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (value >= 1) {
    return value;
  }
  throw invalidParameter(
    name,
    `The parameter ${name} must be a whole number from 1, got ${JSON.stringify(text)}.`,
  );
}
