import { type Reader, UnreadableField } from "../api/reader.js";
import { callService, type SendCall } from "../api/serviceCall.js";
import { ServiceError } from "../errors/errors.js";
import type { Page } from "../paging/pages.js";
import type { CommonArgs } from "./arguments.js";
import type { ListApi, Listed } from "./listApi.js";

/** The connection that pages are read from. */
export interface PageConnection {
  /** The endpoint, as a URL without a path. */
  readonly endpoint: string;
  readonly send: SendCall;
}

/** One page as the service returned it. */
export interface ReadPage<Item> extends Page<Item> {
  /** The length of the response, in bytes. */
  readonly size: number;
  /** Warnings about values that were left out or may be lost, because Pulumi interprets them. */
  readonly warnings: readonly string[];
}

/**
 * Reads one page of a list with one call.
 *
 * @param onAccepted called as soon as the service is known to return a page.
 * @throws ServiceError, or the errors of `send`.
 */
export function requestPage<Item extends Read, Args extends CommonArgs, Read extends Listed>(
  list: ListApi<Item, Args, unknown, Read>,
  args: Args,
  page: { readonly number: number; readonly size: number },
  { send, endpoint }: PageConnection,
  signal: AbortSignal,
  onAccepted: () => void = () => {},
): Promise<ReadPage<Read>> {
  const { action, longIntegers } = list;
  const query = { PageNumber: page.number, PageSize: page.size, ...list.parameters(args) };
  return callService(
    send,
    { action, ramAction: `outboundbot:${action}`, endpoint, longIntegers },
    query,
    (fields, size) => readPage(list, fields, page.number, size),
    signal,
    onAccepted,
  );
}

function readPage<Read extends Listed>(
  { itemsPath, readItem, noun }: Pick<ListApi<Read, never, unknown>, "itemsPath" | "readItem" | "noun">,
  fields: Reader,
  number: number,
  size: number,
): ReadPage<Read> {
  const name = itemsPath.at(-1) ?? "";
  const parent = itemsPath.slice(0, -1).reduce((object, field) => object.object(field), fields);
  rejectOtherPage(parent, number);
  const totalCount = readTotalCount(parent);
  const list = parent.list(name);
  if (list === undefined && totalCount !== 0) {
    throw new UnreadableField(`${itemsPath.join(".")} is missing`);
  }
  const warnings: string[] = [];
  const items = (list ?? []).map((wire) => {
    const item = readItem(wire);
    if (item.id === "__proto__") {
      throw new UnreadableField(`the ID of one of the ${noun.many} is __proto__`);
    }
    if (fields.warnings.length > 0) {
      warnings.push(...fields.warnings.splice(0).map((warning) => `in ${noun.one} "${item.id}", ${warning}`));
    }
    return item;
  });
  return { items, totalCount, pageSize: readPageSize(parent), size, warnings };
}

/** Rejects a response that reports another page. Ignores 1, because simple mock services report it for every page. */
function rejectOtherPage(fields: Reader, requested: number): void {
  const reported = Number(fields.text("PageNumber"));
  if (Number.isSafeInteger(reported) && reported > 1 && reported !== requested) {
    throw new UnreadableField(`PageNumber is ${reported} instead of ${requested}`);
  }
}

/** Returns the total count. A negative count means that the service doesn't count. */
function readTotalCount(fields: Reader): number | undefined {
  const totalCount = fields.integer("TotalCount");
  return totalCount === undefined || totalCount < 0 ? undefined : totalCount;
}

/** Returns the reported page size. Ignores an impossible size, because the number of items is more reliable. */
function readPageSize(fields: Reader): number | undefined {
  const pageSize = Number(fields.text("PageSize"));
  return pageSize > 0 ? pageSize : undefined;
}

/** Returns whether the service rejected a call because of its page size. */
export function rejectsPageSize(failure: unknown): boolean {
  return ServiceError.isInstance(failure) && failure.refusedParameter === "PageSize";
}
