import { setImmediate as nextTurn } from "node:timers/promises";
import { readSuccess } from "../api/failure.js";
import type { HttpResponse } from "../api/httpResponse.js";
import { type Reader, UnreadableField } from "../api/reader.js";
import { redactLine } from "../common/redact.js";
import { ServiceError } from "../errors/errors.js";
import type { Page } from "../paging/pages.js";
import type { CommonArgs } from "./arguments.js";
import type { AsRead, ListApi, Listed, Noun } from "./listApi.js";

/** Sends one signed call and returns the complete response. */
export type SendCall = (
  action: string,
  version: string,
  query: object,
  signal: AbortSignal,
) => Promise<HttpResponse>;

/** The connection that pages are read from. */
export interface PageConnection {
  /** The endpoint, as a URL without a path. */
  readonly endpoint: string;
  readonly send: SendCall;
}

const version = "2019-12-26";
/** The maximum size of a failure with HTTP status 200, in bytes. */
const longestFailure = 4_000;

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
 * @throws CallFailure, or the errors of `send`.
 */
export async function requestPage<Item extends Listed, Args extends CommonArgs>(
  list: ListApi<Item, Args, unknown>,
  args: Args,
  page: { readonly number: number; readonly size: number },
  { send, endpoint }: PageConnection,
  signal: AbortSignal,
  onAccepted: () => void = () => {},
): Promise<ReadPage<AsRead<Item>>> {
  const { action, longIntegers } = list;
  const query = { PageNumber: page.number, PageSize: page.size, ...list.parameters(args) };
  const call = { action, ramAction: `outboundbot:${action}`, endpoint, longIntegers };
  const response = await send(action, version, query, signal);
  if (response.statusCode === 200 && response.size > longestFailure) {
    // Reading a page takes as long as sending several calls, so waiting calls are sent first.
    onAccepted();
    await nextTurn();
  }
  return readSuccess(response, call, (fields) => readPage(list, fields, page.number, response.size));
}

function readPage<Item extends Listed>(
  { itemsPath, readItem, noun }: Pick<ListApi<Item, never, unknown>, "itemsPath" | "readItem" | "noun">,
  fields: Reader,
  number: number,
  size: number,
): ReadPage<AsRead<Item>> {
  const name = itemsPath.at(-1) ?? "";
  const parent = itemsPath.slice(0, -1).reduce((object, field) => object.object(field), fields);
  rejectOtherPage(parent, number);
  const reported = parent.integer("TotalCount");
  // A negative count means that the service doesn't count.
  const totalCount = reported === undefined || reported < 0 ? undefined : reported;
  const list = parent.list(name);
  if (list === undefined && totalCount !== 0) {
    throw new UnreadableField(`${itemsPath.join(".")} is missing`);
  }
  const warnings: string[] = [];
  const items = (list ?? []).map((wire) => {
    const item = named(noun, wire, readItem);
    if (item.id === "__proto__") {
      throw new UnreadableField(`the ID of one of the ${noun.many} is __proto__`);
    }
    if (fields.warnings.length > 0) {
      const place = placeOf(noun, item.id);
      warnings.push(...fields.warnings.splice(0).map((warning) => `${place}, ${warning}`));
    }
    return item;
  });
  return { items, totalCount, pageSize: parent.position("PageSize"), size, warnings };
}

/** Reads an item. An error says in which item the unreadable field is. */
function named<Read>(noun: Noun, wire: Reader, readItem: (wire: Reader) => Read): Read {
  try {
    return readItem(wire);
  } catch (error) {
    if (error instanceof UnreadableField && wire.id !== undefined) {
      throw new UnreadableField(`${placeOf(noun, wire.id)}, ${error.message}`);
    }
    throw error;
  }
}

function placeOf({ one }: Noun, id: string): string {
  return `in ${one} "${redactLine(id)}"`;
}

/** Rejects a response that reports another page. Ignores 1, because simple mock services report it for every page. */
function rejectOtherPage(fields: Reader, requested: number): void {
  const reported = fields.position("PageNumber") ?? 1;
  if (reported > 1 && reported !== requested) {
    throw new UnreadableField(`PageNumber is ${reported} instead of ${requested}`);
  }
}

/** Returns whether the service rejected a call because of its page size. */
export function rejectsPageSize(failure: unknown): boolean {
  return ServiceError.isInstance(failure) && failure.refusedParameter === "PageSize";
}
