import type { CallFailure } from "../api/failure.js";
import { counted } from "../common/counted.js";
import type { Retry } from "../errors/codes.js";
import type { Noun } from "../lists/listApi.js";
import type { ListingObserver } from "../paging/wholeList.js";

/** The time between two progress messages and before the first one, in milliseconds. */
const interval = 1_000;

/**
 * Reports the progress of a listing and what delays it: after one second, and at most once per second. A fast lookup reports
 * nothing.
 */
export class Progress implements ListingObserver {
  readonly #many: string;
  readonly #report: (message: string) => void;
  readonly #now: () => number;
  #reportedAt: number;
  #pages = 0;
  #items = 0;
  #totalCount: number | undefined;
  readonly #retries = { throttled: 0, transient: 0 };
  #lastFailure: CallFailure | undefined;
  #lastTransient: CallFailure | undefined;

  constructor(
    { many }: Noun,
    report: (message: string) => void,
    now: () => number = () => performance.now(),
  ) {
    this.#many = many;
    this.#report = report;
    this.#now = now;
    this.#reportedAt = now();
  }

  /** Called when a listing starts. */
  started(): void {
    this.#pages = 0;
    this.#items = 0;
    this.#totalCount = undefined;
  }

  pageRead(items: number, totalCount: number | undefined): void {
    this.#pages++;
    this.#items += items;
    this.#totalCount = totalCount ?? this.#totalCount;
    this.#reportNowAndThen();
  }

  retried(retry: Exclude<Retry, "never">, failure: CallFailure): void {
    this.#retries[retry]++;
    this.#lastFailure = failure;
    this.#lastTransient = retry === "transient" ? failure : this.#lastTransient;
    this.#reportNowAndThen();
  }

  /** The failure of the last retried call. */
  get lastFailure(): CallFailure | undefined {
    return this.#lastFailure;
  }

  #reportNowAndThen(): void {
    const now = this.#now();
    if (now - this.#reportedAt >= interval) {
      this.#reportedAt = now;
      this.#report(this.#message());
    }
  }

  #message(): string {
    const { throttled, transient } = this.#retries;
    const total = this.#totalCount === undefined ? "" : ` of ${this.#totalCount}`;
    const counts = [
      counted(this.#pages, "page"),
      ...(throttled === 0 ? [] : [`${counted(throttled, "call")} throttled`]),
      ...(transient === 0 ? [] : [`${transient} retried${describeCode(this.#lastTransient)}`]),
    ];
    return `OutboundBot: read ${this.#items}${total} ${this.#many} (${counts.join(", ")})`;
  }
}

function describeCode(failure: CallFailure | undefined): string {
  return failure === undefined ? "" : ` after ${failure.code}`;
}
