import type { Calls } from "../api/calls.js";
import { describeCall, describeFacts } from "../api/failure.js";
import { withDeadline } from "../common/deadline.js";
import { SingleFlight } from "../common/singleFlight.js";
import { ConnectionError, ServiceError } from "../errors/errors.js";
import type { CommonArgs } from "../lists/arguments.js";
import type { AsRead, Found, ListApi, Listed } from "../lists/listApi.js";
import { type ReadPage, rejectsPageSize, requestPage } from "../lists/page.js";
import type { Cursor, PageSource, PagingOptions } from "../paging/pages.js";
import { type CursorPage, streamPages } from "../paging/stream.js";
import { readOnePage, readWholeList, type WholeList } from "../paging/wholeList.js";
import type { SettingsSources } from "../settings/reading.js";
import { resolveSettings, unknownKeyWarnings } from "../settings/settings.js";
import { checkArguments, notForStreams } from "./checkArguments.js";
import { type Connection, connect } from "./connection.js";
import { limitedSource, ReservedTextWarnings } from "./limits.js";
import { resolveOutputFile, writeOutputFile } from "./outputFile.js";
import { type LookupListeners, LookupRecord } from "./record.js";
import { exactlyOne, select, toFound } from "./result.js";

/** The environment of a lookup: the program that it runs in. */
export interface LookupContext extends LookupListeners {
  readonly sources: SettingsSources;
  /** Warns the user about something unusual that doesn't make the result wrong. */
  readonly warn: (message: string) => void;
  /** The names of the arguments whose values no message may show. */
  readonly secretArguments?: ReadonlySet<string>;
  /** Cancels the lookup. */
  readonly signal?: AbortSignal | undefined;
}

/** A `get…` function, with unchecked arguments. */
export type Find = (args: unknown, context: LookupContext) => Promise<object>;

/** The part of a list that a stream reads. */
export interface StreamPart {
  /** The maximum page size. Default: the argument `pageSize`. */
  readonly largestPage?: number;
  /** The position to continue from. Default: the start of the list. */
  readonly cursor?: Cursor | undefined;
}

const defaultPageSize = 100;
/**
 * The maximum number of pages of a whole list in flight or waiting for an earlier page. The rate limiter decides how many are in
 * flight.
 */
const pagesAheadOfList = 256;
/** The number of pages read ahead of a stream's reader: enough to hide the latency, and few enough to bound memory. */
const pagesAheadOfStream = 8;

/** The lookups of one list. */
export class Lookups<Item extends Listed, Args extends CommonArgs, Result extends object> {
  readonly #list: ListApi<Item, Args, Result>;
  readonly #listings = new SingleFlight<WholeList<AsRead<Item>>>();

  constructor(list: ListApi<Item, Args, Result>) {
    this.#list = list;
  }

  /** The `get…` functions, by name. */
  get functions(): ReadonlyMap<string, Find> {
    const { all, one } = this.#list.functions;
    const functions = new Map<string, Find>([[all, (args, context) => this.all(all, args, context)]]);
    if (one !== undefined) {
      functions.set(one, (args, context) => this.one(one, args, context));
    }
    return functions;
  }

  /** Returns all matching items. */
  async all(functionName: string, args: unknown, context: LookupContext): Promise<Result> {
    const checked = checkArguments(this.#list, functionName, args);
    return this.#find(functionName, checked, context, (found) => this.#list.toResult(checked, found));
  }

  /** Returns the only matching item. */
  async one(functionName: string, args: unknown, context: LookupContext): Promise<Item> {
    const checked = checkArguments(this.#list, functionName, args);
    return this.#find(functionName, checked, context, ({ items }) =>
      exactlyOne(this.#list, functionName, checked, items, context.secretArguments),
    );
  }

  async #find<Returned>(
    functionName: string,
    args: Args,
    context: LookupContext,
    toResult: (found: Found<Item>) => Returned,
  ): Promise<Returned> {
    const record = new LookupRecord(functionName, this.#list.noun, context);
    try {
      const result = toResult(await new Lookup(this.#list, args, record, context).find(this.#listings));
      record.end();
      return result;
    } catch (failure) {
      record.end(failure);
      throw failure;
    }
  }

  /** Yields the matching items page by page, in the service's order. */
  async *pages(
    functionName: string,
    args: unknown,
    context: LookupContext,
    part: StreamPart = {},
  ): AsyncGenerator<CursorPage<Item>, void, undefined> {
    const checked = checkArguments(this.#list, functionName, args, notForStreams);
    const record = new LookupRecord(functionName, this.#list.noun, context);
    let failure: unknown;
    try {
      yield* new Lookup(this.#list, checked, record, context).pages(part);
    } catch (error) {
      failure = error;
      throw error;
    } finally {
      // Also runs when the reader leaves the loop.
      record.end(failure);
    }
  }
}

/** One lookup, with checked arguments and an open connection. */
class Lookup<Item extends Listed, Args extends CommonArgs> {
  readonly #list: ListApi<Item, Args, unknown>;
  readonly #args: Args;
  readonly #connection: Connection;
  readonly #calls: Calls;
  readonly #record: LookupRecord;
  readonly #warn: (message: string) => void;
  readonly #signal: AbortSignal | undefined;
  readonly #reservedTexts = new ReservedTextWarnings();
  /** The number of items that the service returned although they don't match its filters. */
  #unexpected = 0;

  constructor(
    list: ListApi<Item, Args, unknown>,
    args: Args,
    record: LookupRecord,
    { sources, warn, signal }: LookupContext,
  ) {
    const warning = list.warningOf?.(args);
    if (warning !== undefined) {
      warn(warning);
    }
    warnOnce(unknownKeyWarnings(sources), warn);
    this.#list = list;
    this.#args = args;
    this.#connection = connect(resolveSettings(args, sources), warn);
    this.#calls = this.#connection.openCalls(record.retried);
    this.#record = record;
    this.#warn = warn;
    this.#signal = signal;
  }

  /**
   * Returns the matching items of the whole list, or of one page.
   *
   * @param listings the listings in flight, so that identical lookups share one.
   */
  async find(listings: SingleFlight<WholeList<AsRead<Item>>>): Promise<Found<Item>> {
    const { outputFile, pageSize, pageNumber, consistency } = this.#args;
    const path = outputFile === undefined ? undefined : await resolveOutputFile(outputFile);
    const filters = this.#list.parameters(this.#args);
    const key = JSON.stringify([this.#connection.key, filters, pageSize, pageNumber, consistency]);
    const { result, shared } = await listings.run(key, this.#signal, (signal) => this.#readList(signal));
    if (shared) {
      this.#record.joined();
    }
    // If two results shared items, a program that changes one would change both.
    const { items, totalCount } = shared ? structuredClone(result) : result;
    const found = toFound(this.#list, this.#select(items), totalCount);
    this.#warnOfUnexpected();
    if (path !== undefined) {
      await writeOutputFile(path, found.items);
    }
    return found;
  }

  /** Yields the matching items page by page, in the service's order. */
  async *pages({ largestPage, cursor }: StreamPart): AsyncGenerator<CursorPage<Item>, void, undefined> {
    const options = this.#pagingOptions(pagesAheadOfStream, this.#signal ?? new AbortController().signal);
    const pageSize = Math.min(options.pageSize, largestPage ?? options.pageSize);
    try {
      for await (const { items, next } of streamPages(this.#readPage, { ...options, pageSize }, cursor)) {
        yield { items: this.#select(items), next };
      }
    } finally {
      this.#reservedTexts.report(this.#warn);
    }
    this.#warnOfUnexpected();
  }

  async #readList(signal: AbortSignal): Promise<WholeList<AsRead<Item>>> {
    const { pageNumber, consistency } = this.#args;
    const { maxItems, lookupTimeout } = this.#connection.limits;
    const { noun } = this.#list;
    const source = limitedSource(this.#readPage, this.#operation, noun, maxItems, pageNumber === undefined);
    const timedOut = () => this.#timedOut(lookupTimeout);
    const list = await withDeadline(lookupTimeout, timedOut, signal, async (withinTime) => {
      const options = this.#pagingOptions(pagesAheadOfList, withinTime);
      return pageNumber === undefined
        ? readWholeList(source, options, this.#record, consistency)
        : readOnePage(source, pageNumber, options);
    });
    this.#reservedTexts.report(this.#warn);
    return list;
  }

  readonly #readPage = async (
    ...[number, size, signal]: Parameters<PageSource<AsRead<Item>>>
  ): Promise<ReadPage<AsRead<Item>>> => {
    const call = { action: this.#list.action, endpoint: this.#connection.endpoint };
    const page = await this.#record.within(() =>
      this.#calls.make(
        call,
        (callSignal, onAccepted, turn) => {
          this.#record.sent(turn);
          const position = { number, size };
          return requestPage(this.#list, this.#args, position, this.#connection, callSignal, onAccepted);
        },
        signal,
      ),
    );
    this.#reservedTexts.add(page.warnings);
    return page;
  };

  #select(returned: readonly AsRead<Item>[]): Item[] {
    const { items, unexpected } = select(this.#list, this.#args, returned);
    this.#unexpected += unexpected;
    this.#record.found(items.length);
    return items;
  }

  get #operation(): string {
    return describeCall({ action: this.#list.action, endpoint: this.#connection.endpoint });
  }

  #pagingOptions(ahead: number, signal: AbortSignal): PagingOptions {
    const { noun } = this.#list;
    const { pageSize = defaultPageSize } = this.#args;
    let hasWarned = false;
    const onWrongTotal = (totalCount: number) => {
      if (!hasWarned) {
        hasWarned = true;
        this.#warn(
          `OutboundBot reported a TotalCount of ${totalCount}, but returned more ${noun.many} on one page. The lookup ignored the TotalCount; the result's totalCount is the number of ${noun.many} returned.`,
        );
      }
    };
    return { noun, operation: this.#operation, pageSize, ahead, signal, rejectsPageSize, onWrongTotal };
  }

  #warnOfUnexpected(): void {
    const { one, many } = this.#list.noun;
    const count = this.#unexpected;
    if (count > 0) {
      const [which, them] = count === 1 ? [`${one} that doesn't`, "it"] : [`${many} that don't`, "them"];
      this.#warn(
        `OutboundBot returned ${count} ${which} match the requested filters. The result omits ${them}. To include ${them}, select by ids instead.`,
      );
    }
  }

  #timedOut(lookupTimeout: number): ConnectionError {
    const lastFailure = this.#record.lastFailure?.toError();
    return new ConnectionError(
      "LookupTimeout",
      `${this.#operation} failed: LookupTimeout: the list was not complete within ${lookupTimeout / 1000} s (outboundbot:lookupTimeout).${describeLast(lastFailure)}`,
      { action: this.#list.action, endpoint: this.#connection.endpoint },
      { cause: lastFailure, advice: "Narrow the lookup, or raise outboundbot:lookupTimeout." },
    );
  }
}

const warned = new Set<string>();

/** Warns once, because all lookups of a stack have the same configuration. */
function warnOnce(warnings: readonly string[], warn: (message: string) => void): void {
  for (const warning of warnings) {
    if (!warned.has(warning)) {
      warned.add(warning);
      warn(warning);
    }
  }
}

/** Describes the failure by its code only, because the cause has the rest. */
function describeLast(failure: Error | undefined): string {
  if (ServiceError.isInstance(failure)) {
    return ` The last retried call failed with ${failure.code}${describeFacts(failure)}.`;
  }
  return ConnectionError.isInstance(failure) ? ` The last retried call failed with ${failure.code}.` : "";
}
