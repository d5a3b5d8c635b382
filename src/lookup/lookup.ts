import type { Calls } from "../api/calls.js";
import { describeCall, describeFacts } from "../api/failure.js";
import { withDeadline } from "../common/deadline.js";
import { SingleFlight } from "../common/singleFlight.js";
import { ConnectionError, ServiceError } from "../errors/errors.js";
import type { CommonArgs } from "../lists/arguments.js";
import type { Found, ListApi, Listed } from "../lists/listApi.js";
import { type ReadPage, rejectsPageSize, requestPage } from "../lists/page.js";
import type { PageSource, PagingOptions } from "../paging/pages.js";
import { type Cursor, type CursorPage, streamPagesFrom } from "../paging/resume.js";
import { readOnePage, readWholeList, type WholeList } from "../paging/wholeList.js";
import type { SettingsSources } from "../settings/reading.js";
import { resolveSettings, unknownKeyWarnings } from "../settings/settings.js";
import { checkArguments, notForStreams } from "./arguments.js";
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

const defaultPageSize = 100;
/**
 * The maximum number of pages of a whole list in flight or waiting for an earlier page. The rate limiter decides how many are in
 * flight.
 */
const pagesAheadOfList = 256;
/** The number of pages read ahead of a stream's reader: enough to hide the latency, and few enough to bound memory. */
const pagesAheadOfStream = 8;

/** The lookups of one list. */
export class Lookup<
  Item extends Read,
  Args extends CommonArgs,
  Result extends object,
  Read extends Listed = Item,
> {
  readonly #list: ListApi<Item, Args, Result, Read>;
  readonly #listings = new SingleFlight<WholeList<Read>>();

  constructor(list: ListApi<Item, Args, Result, Read>) {
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
    return this.#recorded(functionName, context, async (record) =>
      this.#list.toResult(checked, await this.#find(checked, context, record)),
    );
  }

  /** Returns the only matching item. */
  async one(functionName: string, args: unknown, context: LookupContext): Promise<Item> {
    const checked = checkArguments(this.#list, functionName, args);
    return this.#recorded(functionName, context, async (record) => {
      const { items } = await this.#find(checked, context, record);
      return exactlyOne(this.#list, functionName, checked, items, context.secretArguments);
    });
  }

  /** Yields the matching items as they are read, in the service's order. */
  async *stream(
    functionName: string,
    args: unknown,
    context: LookupContext,
  ): AsyncGenerator<Item, void, undefined> {
    for await (const { items } of this.pages(functionName, args, context)) {
      yield* items;
    }
  }

  /**
   * Yields the matching items page by page, in the service's order.
   *
   * @param from the maximum page size and the position to continue from, for a list that is read in several parts.
   */
  async *pages(
    functionName: string,
    args: unknown,
    context: LookupContext,
    from: { readonly largestPage?: number; readonly cursor?: Cursor | undefined } = {},
  ): AsyncGenerator<CursorPage<Item>, void, undefined> {
    const checked = checkArguments(this.#list, functionName, args, notForStreams);
    const record = new LookupRecord(functionName, this.#list, context);
    let failure: unknown;
    try {
      yield* this.#selectedPages(checked, context, record, from);
    } catch (error) {
      failure = error;
      throw error;
    } finally {
      // Also runs when the reader leaves the loop.
      record.end(failure);
    }
  }

  async *#selectedPages(
    args: Args,
    context: LookupContext,
    record: LookupRecord,
    {
      largestPage = defaultPageSize,
      cursor,
    }: { readonly largestPage?: number; readonly cursor?: Cursor | undefined },
  ): AsyncGenerator<CursorPage<Item>, void, undefined> {
    this.#warnOfArguments(args, context);
    const connection = openConnection(args, context);
    record.connected(connection);
    const calls = connection.openCalls(record.retried);
    const signal = context.signal ?? new AbortController().signal;
    const options = this.#pagingOptions(args, connection, pagesAheadOfStream, signal, context);
    const smaller = { ...options, pageSize: Math.min(options.pageSize, largestPage) };
    const reservedTexts = new ReservedTextWarnings();
    const source = this.#pageSource(args, connection, calls, record, reservedTexts);
    let unexpectedInAll = 0;
    try {
      for await (const page of streamPagesFrom(source, smaller, cursor)) {
        const { items, unexpected } = select(this.#list, args, page.items);
        unexpectedInAll += unexpected;
        record.found(items.length);
        yield { items, next: page.next };
      }
    } finally {
      reservedTexts.report(context.warn);
    }
    this.#warnOfUnexpected(unexpectedInAll, context);
  }

  async #recorded<Returned>(
    functionName: string,
    context: LookupContext,
    work: (record: LookupRecord) => Promise<Returned>,
  ): Promise<Returned> {
    const record = new LookupRecord(functionName, this.#list, context);
    try {
      const returned = await work(record);
      record.end();
      return returned;
    } catch (failure) {
      record.end(failure);
      throw failure;
    }
  }

  async #find(args: Args, context: LookupContext, record: LookupRecord): Promise<Found<Item>> {
    this.#warnOfArguments(args, context);
    const connection = openConnection(args, context);
    record.connected(connection);
    const outputFile = args.outputFile === undefined ? undefined : await resolveOutputFile(args.outputFile);
    const returned = await this.#readShared(args, connection, context, record);
    const { items, unexpected } = select(this.#list, args, returned.items);
    record.found(items.length);
    this.#warnOfUnexpected(unexpected, context);
    const found = toFound(this.#list, items, returned.totalCount);
    if (outputFile !== undefined) {
      await writeOutputFile(outputFile, found.items);
    }
    return found;
  }

  /** Reads the list once for all identical lookups in flight. */
  async #readShared(
    args: Args,
    connection: Connection,
    context: LookupContext,
    record: LookupRecord,
  ): Promise<WholeList<Read>> {
    const { pageSize, pageNumber, consistency } = args;
    const key = JSON.stringify([
      connection.key,
      this.#list.parameters(args),
      pageSize,
      pageNumber,
      consistency,
    ]);
    const { result, shared } = await this.#listings.run(key, context.signal, (signal) =>
      this.#read(args, connection, signal, context, record),
    );
    if (shared) {
      record.joined();
    }
    // If two results shared items, a program that changes one would change both.
    return shared ? structuredClone(result) : result;
  }

  /** Reads the list within the lookup's deadline, and reports progress. */
  async #read(
    args: Args,
    connection: Connection,
    signal: AbortSignal,
    context: LookupContext,
    record: LookupRecord,
  ): Promise<WholeList<Read>> {
    const { lookupTimeout } = connection.limits;
    const calls = connection.openCalls(record.retried);
    const reservedTexts = new ReservedTextWarnings();
    const source = limitedSource(
      this.#pageSource(args, connection, calls, record, reservedTexts),
      describeCall({ action: this.#list.action, endpoint: connection.endpoint }),
      this.#list.noun,
      connection.limits.maxItems,
      args.pageNumber === undefined,
    );
    const timedOut = () => lookupTimedOut(this.#list.action, connection, record.lastFailure?.toError());
    const list = await withDeadline(lookupTimeout, timedOut, signal, async (withinTime) => {
      const options = this.#pagingOptions(args, connection, pagesAheadOfList, withinTime, context);
      return args.pageNumber === undefined
        ? readWholeList(source, options, record, args.consistency)
        : readOnePage(source, args.pageNumber, options);
    });
    reservedTexts.report(context.warn);
    return list;
  }

  #pageSource(
    args: Args,
    connection: Connection,
    calls: Calls,
    record: LookupRecord,
    reservedTexts: ReservedTextWarnings,
  ): (...request: Parameters<PageSource<Read>>) => Promise<ReadPage<Read>> {
    const { endpoint, send: sendCall } = connection;
    const call = { action: this.#list.action, endpoint };
    return async (number, size, signal) => {
      const page = await calls.make(
        call,
        (callSignal, onAccepted, turn) =>
          record.attempt({ number, size }, turn, sendCall, (send) =>
            requestPage(this.#list, args, { number, size }, { endpoint, send }, callSignal, onAccepted),
          ),
        signal,
      );
      reservedTexts.add(page.warnings);
      return page;
    };
  }

  #pagingOptions(
    { pageSize = defaultPageSize }: Args,
    { endpoint }: Connection,
    ahead: number,
    signal: AbortSignal,
    { warn }: LookupContext,
  ): PagingOptions {
    const { noun, action } = this.#list;
    const operation = describeCall({ action, endpoint });
    let hasWarned = false;
    const onWrongTotal = (totalCount: number) => {
      if (!hasWarned) {
        hasWarned = true;
        warn(
          `OutboundBot reported a TotalCount of ${totalCount}, but returned more ${noun.many} on one page. The lookup ignored the TotalCount; the result's totalCount is the number of ${noun.many} returned.`,
        );
      }
    };
    return { noun, operation, pageSize, ahead, signal, rejectsPageSize: rejectsPageSize, onWrongTotal };
  }

  #warnOfArguments(args: Args, { warn }: LookupContext): void {
    const warning = this.#list.warningOf?.(args);
    if (warning !== undefined) {
      warn(warning);
    }
  }

  #warnOfUnexpected(unexpected: number, { warn }: LookupContext): void {
    const { noun } = this.#list;
    if (unexpected > 0) {
      warn(
        `OutboundBot returned ${unexpected} ${unexpected === 1 ? `${noun.one} that doesn't` : `${noun.many} that don't`} match the requested filters. The result omits ${unexpected === 1 ? "it" : "them"}. To include ${unexpected === 1 ? "it" : "them"}, select by ids instead.`,
      );
    }
  }
}

const warned = new Set<string>();

function openConnection(where: CommonArgs, { sources, warn }: LookupContext): Connection {
  for (const warning of unknownKeyWarnings(sources)) {
    // Warns once, because all lookups of a stack have the same configuration.
    if (!warned.has(warning)) {
      warned.add(warning);
      warn(warning);
    }
  }
  return connect(resolveSettings(where, sources), warn);
}

function lookupTimedOut(
  action: string,
  { endpoint, limits }: Connection,
  lastFailure: Error | undefined,
): ConnectionError {
  return new ConnectionError(
    "LookupTimeout",
    `${describeCall({ action, endpoint })} failed: LookupTimeout: the list was not complete within ${limits.lookupTimeout / 1000} s (outboundbot:lookupTimeout).${describeLast(lastFailure)}`,
    { action, endpoint },
    { cause: lastFailure, advice: "Narrow the lookup, or raise outboundbot:lookupTimeout." },
  );
}

/** Describes the failure by its code only, because the cause has the rest. */
function describeLast(failure: Error | undefined): string {
  if (ServiceError.isInstance(failure)) {
    return ` The last retried call failed with ${failure.code}${describeFacts(failure)}.`;
  }
  return ConnectionError.isInstance(failure) ? ` The last retried call failed with ${failure.code}.` : "";
}
