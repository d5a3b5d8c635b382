import { type Connection, connect } from "./api/connection.js";
import { listInstances, refusesPageSize } from "./api/listInstances.js";
import { type Called, checkArguments, type GetInstancesArgs } from "./listing/arguments.js";
import { exactlyOne } from "./listing/exactlyOne.js";
import { gather, type WholeList } from "./listing/gather.js";
import { type Instance, readInstance } from "./listing/instance.js";
import { readOnePage } from "./listing/onePage.js";
import { type PageSource, type PagingOptions, readPages } from "./listing/pages.js";
import { type Query, type ServiceFilter, toQuery, toRequest } from "./listing/query.js";
import { type GetInstancesResult, toResult } from "./listing/result.js";
import { type Selection, select } from "./listing/selection.js";
import { streamItems } from "./listing/stream.js";
import { resolveOutputFile, writeOutputFile } from "./outputFile.js";
import { resolveSettings, type SettingsSources } from "./settings.js";

/** What a lookup needs to know of the program that it runs in. */
export interface LookupContext {
  readonly sources: SettingsSources;
  /** Tells the user of something that is odd but does not make the result wrong. */
  readonly warn: (message: string) => void;
  /** Ends the lookup when it is aborted. */
  readonly signal?: AbortSignal | undefined;
}

/** Pages under way at once for a whole list. */
const pagesAtOnce = 8;
/** Pages read ahead of the reader of a stream: enough to hide the wait, few enough to keep memory flat. */
const pagesAhead = 4;

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
  const connection = connect(resolveSettings(checked, context.sources));
  const outputFile =
    checked.outputFile === undefined ? undefined : await resolveOutputFile(checked.outputFile);
  const signal = context.signal ?? new AbortController().signal;

  const list = await readList(query, pageSource(query.filter, connection), signal);
  const selection = select(list.items, query);
  warnOfUnasked(selection.unasked, context);
  const result = toResult(checked, selection.instances, list.totalCount);
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
  const checked = checkArguments(called, args);
  const query = toQuery(checked);
  const connection = connect(resolveSettings(checked, context.sources));
  const signal = context.signal ?? new AbortController().signal;
  const pages = readPages(pageSource(query.filter, connection), pagingOptions(query, pagesAhead, signal));
  let unasked = 0;
  for await (const instance of streamItems(pages)) {
    const selection: Selection = select([instance], query);
    unasked += selection.unasked;
    yield* selection.instances;
  }
  warnOfUnasked(unasked, context);
}

function pageSource(filter: ServiceFilter, connection: Connection): PageSource<Instance> {
  return (pageNumber, pageSize, signal) =>
    listInstances(
      connection.send,
      connection.endpoint,
      toRequest(filter, pageNumber, pageSize),
      readInstance,
      signal,
    );
}

async function readList(
  query: Query,
  source: PageSource<Instance>,
  signal: AbortSignal,
): Promise<WholeList<Instance>> {
  if (query.pageNumber !== undefined) {
    return readOnePage(source, query.pageNumber, query.pageSize, signal);
  }
  return gather(() => readPages(source, pagingOptions(query, pagesAtOnce, signal)));
}

function pagingOptions(query: Query, ahead: number, signal: AbortSignal): PagingOptions {
  return { pageSize: query.pageSize, ahead, signal, refusesPageSize };
}

function warnOfUnasked(unasked: number, context: LookupContext): void {
  if (unasked > 0) {
    context.warn(
      `OutboundBot returned ${unasked} instances that do not carry the tags or the resource group asked for: the service did not filter as documented. They were left out.`,
    );
  }
}
