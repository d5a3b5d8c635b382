import type { AttemptTimes, OnRetry } from "../api/calls.js";
import type { CallFailure } from "../api/failure.js";
import { type Clock, systemClock } from "../common/clock.js";
import { counted } from "../common/counted.js";
import { isError } from "../common/values.js";
import { OutboundBotError } from "../errors/errors.js";
import type { Noun } from "../lists/listApi.js";
import type { ListingObserver } from "../paging/wholeList.js";
import { LookupSpan } from "./span.js";

/** The receivers of a lookup's messages. */
export interface LookupListeners {
  /** Receives the progress of a slow lookup. */
  readonly progress: (message: string) => void;
  /** Receives a one-line summary when the lookup ends. Default: none. */
  readonly debug?: ((message: string) => void) | undefined;
}

interface Counts {
  found: number;
  calls: number;
  retried: number;
  throttled: number;
  restarted: number;
  /** The time in which at least one call waited for the rate limiter, in milliseconds. */
  waited: number;
  shared: boolean;
}

/** The time between two progress messages and before the first one, in milliseconds. A fast lookup reports nothing. */
const interval = 1_000;

/** Counts what happens during one lookup. Its progress, its log line and its span are made from these counts. */
export class LookupRecord implements ListingObserver {
  readonly #functionName: string;
  readonly #noun: Noun;
  readonly #listeners: LookupListeners;
  readonly #clock: Clock;
  readonly #span: LookupSpan | undefined;
  readonly #startedAt: number;
  readonly #counts: Counts = {
    found: 0,
    calls: 0,
    retried: 0,
    throttled: 0,
    restarted: 0,
    waited: 0,
    shared: false,
  };
  /** The listing that is being read. */
  #listing: { pages: number; items: number; totalCount: number | undefined } | undefined;
  #waitedUntil = 0;
  #reportedAt: number;
  #lastFailure: CallFailure | undefined;
  #lastTransient: CallFailure | undefined;

  constructor(functionName: string, noun: Noun, listeners: LookupListeners, clock: Clock = systemClock) {
    this.#functionName = functionName;
    this.#noun = noun;
    this.#listeners = listeners;
    this.#clock = clock;
    this.#span = LookupSpan.start(`outboundbot.${functionName}`);
    this.#startedAt = clock.now();
    this.#reportedAt = this.#startedAt;
  }

  /** Runs `work` below the span of the lookup. */
  within<Result>(work: () => Result): Result {
    return this.#span === undefined ? work() : this.#span.within(work);
  }

  started(): void {
    if (this.#listing !== undefined) {
      this.#counts.restarted++;
    }
    this.#listing = { pages: 0, items: 0, totalCount: undefined };
  }

  pageRead(items: number, totalCount: number | undefined): void {
    if (this.#listing !== undefined) {
      this.#listing.pages++;
      this.#listing.items += items;
      this.#listing.totalCount = totalCount ?? this.#listing.totalCount;
    }
    this.#reportNowAndThen();
  }

  /** Called when an attempt of a call is sent. */
  sent({ queuedAt, sentAt }: AttemptTimes): void {
    this.#counts.calls++;
    this.#counts.waited += Math.max(0, sentAt - Math.max(queuedAt, this.#waitedUntil));
    this.#waitedUntil = sentAt;
  }

  readonly retried: OnRetry = (retry, failure) => {
    this.#lastFailure = failure;
    if (retry === "throttled") {
      this.#counts.throttled++;
    } else {
      this.#counts.retried++;
      this.#lastTransient = failure;
    }
    this.#reportNowAndThen();
  };

  /** The failure of the last retried call. */
  get lastFailure(): CallFailure | undefined {
    return this.#lastFailure;
  }

  found(items: number): void {
    this.#counts.found += items;
  }

  /** Called when the list came from an identical lookup. */
  joined(): void {
    this.#counts.shared = true;
  }

  /** Ends the record: writes the log line and ends the span. */
  end(failure?: unknown): void {
    const errorCode = failure === undefined ? undefined : codeOf(failure);
    const counts = { ...this.#counts, waited: Math.round(this.#counts.waited) };
    this.#listeners.debug?.(this.#summary(counts, errorCode));
    const attributes = Object.entries(counts).map(([name, value]) => [`outboundbot.${name}`, value]);
    this.#span?.end(Object.fromEntries(attributes), errorCode);
  }

  #summary(
    { found, calls, retried, throttled, restarted, waited, shared }: Counts,
    errorCode: string | undefined,
  ): string {
    const seconds = Math.round(this.#clock.now() - this.#startedAt) / 1000;
    const outcome =
      errorCode === undefined
        ? `found ${counted(found, this.#noun.one, this.#noun.many)} in ${seconds} s`
        : `failed (${errorCode}) after ${seconds} s`;
    const work = shared
      ? "shared the calls of an identical lookup"
      : `${counted(calls, "call")}, ${throttled} throttled, ${retried} retried, ${counted(restarted, "restart")}, ${waited / 1000} s waiting for the rate limiter`;
    return `OutboundBot: ${this.#functionName} ${outcome}: ${work}.`;
  }

  #reportNowAndThen(): void {
    const now = this.#clock.now();
    if (now - this.#reportedAt >= interval) {
      this.#reportedAt = now;
      this.#listeners.progress(this.#progress());
    }
  }

  #progress(): string {
    const { throttled, retried } = this.#counts;
    const { pages, items, totalCount } = this.#listing ?? { pages: 0, items: 0 };
    const total = totalCount === undefined ? "" : ` of ${totalCount}`;
    const cause = this.#lastTransient === undefined ? "" : ` after ${this.#lastTransient.code}`;
    const counts = [
      counted(pages, "page"),
      ...(throttled === 0 ? [] : [`${counted(throttled, "call")} throttled`]),
      ...(retried === 0 ? [] : [`${retried} retried${cause}`]),
    ];
    return `OutboundBot: read ${items}${total} ${this.#noun.many} (${counts.join(", ")})`;
  }
}

/** Returns the code of an error of this package, or the kind of another error. */
function codeOf(failure: unknown): string {
  if (OutboundBotError.isInstance(failure)) {
    return failure.code;
  }
  return isError(failure) ? failure.name : "_OTHER";
}
