import { anyText, checkThat, filledText, listOf, objectOf, oneOf, wholeNumber } from "./checks.js";

const responseKinds = ["error", "response"] as const;
const deliveryKinds = ["reset", "hang", "drip", "truncated", "cut"] as const;
const listKinds = ["inserted", "removed", "swapped", "repeat", "empty-page", "total"] as const;

/**
 * The kind of a fault. These replace the correct response:
 * - `error`: an error of the service.
 * - `response`: any HTTP response, such as the page of a broken gateway, or a redirect.
 *
 * These break the delivery of the correct response:
 * - `reset`: the connection is reset before any byte of a response.
 * - `hang`: the call gets no response.
 * - `drip`: the response is sent at one byte per second.
 * - `truncated`: half of the body is sent, then the connection closes; `content-length` states the full length.
 * - `cut`: half of the body is sent; `content-length` states the length of that half.
 *
 * These change the contents of the list:
 * - `inserted`: before the response, an item that the call selects is inserted at the start.
 * - `removed`: before the response, the first item that the call selects is removed.
 * - `swapped`: like `removed`, and another item is appended, so that the total stays the same.
 * - `repeat`: page 1 is returned, whatever page was requested.
 * - `empty-page`: the page has no items; TotalCount is correct.
 * - `total`: TotalCount is wrong or missing.
 */
export type FaultKind =
  | (typeof responseKinds)[number]
  | (typeof deliveryKinds)[number]
  | (typeof listKinds)[number];

/**
 * A fault, and the calls that it applies to: those that meet every condition (`first`, `every`, `calls`, `page`), or all calls
 * without a condition. Calls are counted from 1, starting when the faults are set. Only valid calls are counted and affected:
 * signed, for a known action and within the rate limit. The first fault that replaces or breaks the response decides. If there is
 * none, all faults in the contents of the list take effect.
 */
export interface Fault {
  /** The kind of fault. */
  readonly kind: FaultKind;
  /** The first calls, up to this number. */
  readonly first?: number;
  /** Every n-th call. */
  readonly every?: number;
  /** The calls with these numbers. */
  readonly calls?: readonly number[];
  /** The calls that request this page. */
  readonly page?: number;
  /** For `error`: the service's code, such as `Throttling.User` or `Forbidden.RAM`. Default: `InternalError`. */
  readonly code?: string;
  /**
   * For `error` and `response`: the HTTP status. An error with status 200 is reported only in the body (`Success: false`).
   * Default: the usual status of the error code, or 400; for `response` 200.
   */
  readonly status?: number;
  /** For `error` and `response`: headers, such as `x-acs-retry-after` (milliseconds) or `retry-after` (seconds). */
  readonly headers?: Readonly<Record<string, string>>;
  /** For `response`: the body. Default: empty. */
  readonly body?: string;
  /** For `total`: the TotalCount to return. Default: none. */
  readonly total?: number;
}

const number = wholeNumber(1, 1_000_000_000);

export const faultCheck = objectOf<Fault>(
  {
    kind: oneOf(...responseKinds, ...deliveryKinds, ...listKinds),
    first: number,
    every: number,
    calls: listOf(number),
    page: number,
    code: filledText,
    status: wholeNumber(200, 599),
    headers: checkThat(
      "an object of strings",
      (value): value is Record<string, string> =>
        typeof value === "object" &&
        value !== null &&
        Object.values(value).every((header) => typeof header === "string"),
    ),
    body: anyText,
    total: wholeNumber(0, 1_000_000_000),
  },
  "kind",
);

/** Returns whether a fault affects only the contents of a list. */
export function isListFault({ kind }: Fault): boolean {
  return listKinds.some((listKind) => listKind === kind);
}

/** Returns whether a fault applies to the call with this number and page. */
export function appliesTo({ first, every, calls, page }: Fault, call: number, ofPage: number): boolean {
  return (
    (first === undefined || call <= first) &&
    (every === undefined || call % every === 0) &&
    (calls === undefined || calls.includes(call)) &&
    (page === undefined || page === ofPage)
  );
}
