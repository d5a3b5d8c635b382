import type { Reader } from "../api/reader.js";
import { given } from "../common/values.js";
import { commonArguments, type ListArgs, type PageArgs, required, text } from "./arguments.js";
import type { ListApi } from "./listApi.js";

/** Which numbers of an instance to find. Everything given must match. */
export interface OutboundCallNumberSelectionArgs extends ListArgs {
  /** The id of the instance (bot) that calls from the numbers, not empty (the API's `InstanceId`). Required. */
  instanceId: string;
  /** Only this number, digit by digit as the service writes it; not empty. Applied to what the service returned. Default: any. */
  number?: string | undefined;
}

/** The arguments of {@link getOutboundCallNumbers}. */
export interface GetOutboundCallNumbersArgs extends OutboundCallNumberSelectionArgs, PageArgs {}

/** The arguments of {@link listOutboundCallNumbers}. */
export interface ListOutboundCallNumbersArgs extends Omit<OutboundCallNumberSelectionArgs, "consistency"> {}

/** The result of {@link getOutboundCallNumbers}: what was found, and every argument that was given. */
export interface GetOutboundCallNumbersResult extends GetOutboundCallNumbersArgs {
  /** A checksum of `ids`: the same for the same ids in the same order (CRC-32, decimal). */
  id: string;
  /** The ids of the numbers found, in alphabetical order: the service states no time of creation. */
  ids: string[];
  /** The numbers themselves, in the order of `ids`, as the API's StartJob and CreateJobGroup take them (`CallingNumber`). */
  numbers: string[];
  /** The numbers found, by id. */
  outboundCallNumbers: OutboundCallNumber[];
  /** How many numbers the service counted for the instance (the API's `TotalCount`), before the other arguments were applied. */
  totalCount: number;
}

/**
 * A number that an instance can call from, as the service describes it in `OutboundCallNumbers.List`. A field that the service left out is
 * absent, except for the number.
 */
export interface OutboundCallNumber {
  /** The number's id, the same as `outboundCallNumberId`. */
  id: string;
  /** The number's id (the API's `OutboundCallNumberId`). */
  outboundCallNumberId: string;
  /** The phone number (`Number`); empty when the service returned none. */
  number: string;
  /**
   * One half of the number's rate limit (`RateLimitCount`). The vendor's pages contradict each other: that of ListOutboundCallNumbers calls
   * it the period in seconds, that of ModifyOutboundCallNumber the number of calls.
   */
  rateLimitCount?: number;
  /** The other half (`RateLimitPeriod`): the number of calls by the first of these pages, the period in seconds by the second. */
  rateLimitPeriod?: number;
}

function readOutboundCallNumber(wire: Reader): OutboundCallNumber {
  const id = wire.requiredString("OutboundCallNumberId");
  return {
    id,
    outboundCallNumberId: id,
    // The vendor's sample has it without quotes.
    number: wire.text("Number") ?? "",
    ...given({
      rateLimitCount: wire.integer("RateLimitCount"),
      rateLimitPeriod: wire.integer("RateLimitPeriod"),
    }),
  };
}

/** The API's ListOutboundCallNumbers. */
export const outboundCallNumbers: ListApi<
  OutboundCallNumber,
  GetOutboundCallNumbersArgs,
  GetOutboundCallNumbersResult
> = {
  action: "ListOutboundCallNumbers",
  functions: { all: "getOutboundCallNumbers" },
  checks: { instanceId: required(text), number: text, ...commonArguments },
  noun: { one: "outbound call number", many: "outbound call numbers" },
  itemsPath: ["OutboundCallNumbers", "List"],
  longIntegers: [],
  readItem: readOutboundCallNumber,
  parameters: ({ instanceId }) => ({ InstanceId: instanceId }),
  matches: () => true,
  selects: (item, { number }) => number === undefined || item.number === number,
  nameOf: ({ number }) => number,
  createdAt: () => undefined,
  toItem: (number) => number,
  toResult: (args, { id, ids, names, items, totalCount }) => ({
    ...args,
    id,
    ids,
    numbers: names,
    outboundCallNumbers: items,
    totalCount,
  }),
};
