import type { Calls } from "../api/calls.js";
import { Shared } from "../common/singleFlight.js";
import { type Instance, readInstance } from "../lists/instance.js";
import { listInstances, listInstancesAction, refusesPageSize } from "../lists/listInstances.js";
import { readOnePage } from "../paging/onePage.js";
import { type PageSource, type PagingOptions, readPages } from "../paging/pages.js";
import { streamItems } from "../paging/stream.js";
import { gather, type WholeList } from "../paging/wholeList.js";
import { type Called, checkArguments, type GetInstancesArgs } from "./arguments.js";
import type { Connection } from "./connection.js";
import { exactlyOne } from "./exactlyOne.js";
import { resolveOutputFile, writeOutputFile } from "./outputFile.js";
import { type Query, type ServiceFilter, toQuery, toRequest } from "./query.js";
import { type LookupContext, openConnection, readList } from "./readList.js";
import { type GetInstancesResult, toResult } from "./result.js";
import { select } from "./selection.js";

export type { LookupContext } from "./readList.js";

/** Pages of a whole list that may be under way or waiting for an earlier one; the pace decides how many are under way. */
const pagesAheadOfList = 256;
/** Pages read ahead of the reader of a stream: enough to hide the wait, few enough to keep memory flat. */
const pagesAheadOfStream = 8;

const listings = new Shared<WholeList<Instance>>();

/** One whole lookup: arguments to result. */
export async function lookUp(
  called: Called,
  args: unknown,
  context: LookupContext,
): Promise<GetInstancesResult> {
  return lookUpChecked(checkArguments(called, args), context);
}

/** A lookup that must find exactly one instance. */
export async function lookUpOne(called: Called, args: unknown, context: LookupContext): Promise<Instance> {
  const checked = checkArguments(called, args);
  const { instances } = await lookUpChecked(checked, context);
  return exactlyOne(instances, checked);
}

async function lookUpChecked(checked: GetInstancesArgs, context: LookupContext): Promise<GetInstancesResult> {
  const query = toQuery(checked);
  const connection = openConnection(query.where, context);
  const outputFile =
    checked.outputFile === undefined ? undefined : await resolveOutputFile(checked.outputFile);
  const { filter, pageSize, pageNumber } = query;
  const key = JSON.stringify([connection.key, filter, pageSize, pageNumber]);
  const { result: list, shared } = await listings.run(key, context.signal, (signal) =>
    readInstances(query, connection, signal, context),
  );
  // Two results that share instances would change together when a program changes one of them.
  const { instances, unasked } = select(shared ? structuredClone(list.items) : list.items, query);
  warnOfUnasked(unasked, context);
  const result = toResult(checked, instances, list.totalCount);
  if (outputFile !== undefined) {
    await writeOutputFile(outputFile, result.instances);
  }
  return result;
}

/** One lookup whose instances come as they are read, in the service's order. */
export async function* streamLookUp(
  called: Called,
  args: unknown,
  context: LookupContext,
): AsyncGenerator<Instance, void, undefined> {
  const query = toQuery(checkArguments(called, args));
  const connection = openConnection(query.where, context);
  const signal = context.signal ?? new AbortController().signal;
  const calls = connection.openCalls(() => {});
  const pages = readPages(
    pageSource(query.filter, connection, calls),
    pagingOptions(query, pagesAheadOfStream, signal),
  );
  await connection.ready();
  let unaskedInAll = 0;
  for await (const instance of streamItems(pages)) {
    const { instances, unasked } = select([instance], query);
    unaskedInAll += unasked;
    yield* instances;
  }
  warnOfUnasked(unaskedInAll, context);
}

function readInstances(
  query: Query,
  connection: Connection,
  signal: AbortSignal,
  context: LookupContext,
): Promise<WholeList<Instance>> {
  return readList(connection, listInstancesAction, context, signal, (calls, withinTime, watcher) => {
    const source = pageSource(query.filter, connection, calls);
    if (query.pageNumber !== undefined) {
      return readOnePage(source, query.pageNumber, query.pageSize, withinTime);
    }
    const options = pagingOptions(query, pagesAheadOfList, withinTime);
    return gather(() => readPages(source, options), watcher);
  });
}

function pageSource(filter: ServiceFilter, connection: Connection, calls: Calls): PageSource<Instance> {
  const { send, endpoint } = connection;
  const call = { action: listInstancesAction, endpoint };
  return (pageNumber, pageSize, signal) => {
    const request = toRequest(filter, pageNumber, pageSize);
    return calls.make(
      call,
      (callSignal, taken) => listInstances(send, endpoint, request, readInstance, callSignal, taken),
      signal,
    );
  };
}

function pagingOptions({ pageSize }: Query, ahead: number, signal: AbortSignal): PagingOptions {
  return { pageSize, ahead, signal, refusesPageSize };
}

function warnOfUnasked(unasked: number, context: LookupContext): void {
  if (unasked > 0) {
    context.warn(
      `OutboundBot returned ${unasked} instances that do not carry the tags or the resource group asked for: the service did not filter as documented. They were left out.`,
    );
  }
}
