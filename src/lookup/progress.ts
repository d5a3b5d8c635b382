import type { FailureKind } from "../api/retry.js";

/** Between two reports, and before the first one, in milliseconds. */
const interval = 1_000;

/**
 * Tells how far a listing is, and what holds it up: not before it has taken a second, and at most once a second. A quick
 * lookup says nothing.
 */
export class Progress {
  readonly #report: (message: string) => void;
  readonly #now: () => number;
  #reportedAt: number;
  #pages = 0;
  #instances = 0;
  #totalCount: number | undefined;
  readonly #retries = { throttled: 0, transient: 0 };
  #lastFailure = "";

  constructor(report: (message: string) => void, now: () => number = () => performance.now()) {
    this.#report = report;
    this.#now = now;
    this.#reportedAt = now();
  }

  /** A new listing begins. */
  started(): void {
    this.#pages = 0;
    this.#instances = 0;
    this.#totalCount = undefined;
  }

  pageRead(instances: number, totalCount: number | undefined): void {
    this.#pages++;
    this.#instances += instances;
    this.#totalCount = totalCount ?? this.#totalCount;
    this.#reportNowAndThen();
  }

  retried(kind: Exclude<FailureKind, "refused">, failure: Error): void {
    this.#retries[kind]++;
    if (kind === "transient") {
      this.#lastFailure = failure.message;
    }
    this.#reportNowAndThen();
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
    const read = `OutboundBot: ${this.#instances}${total} instances read in ${this.#pages} pages`;
    const slowed = throttled === 0 ? "" : `; slowed down by the service, which throttled ${throttled} calls`;
    const retried =
      transient === 0 ? "" : `; ${transient} calls tried again, the last because: ${this.#lastFailure}`;
    return `${read}${slowed}${retried}`;
  }
}
