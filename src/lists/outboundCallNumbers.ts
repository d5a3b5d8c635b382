import type { Reader } from "../api/reader.js";
import { withoutUndefined } from "../common/values.js";
import { commonArguments, type ListArgs, type PageArgs, text } from "./arguments.js";
import type { AsRead, ListApi } from "./listApi.js";

/** Selects phone numbers of an instance. A number must match every argument given. */
export interface OutboundCallNumberSelectionArgs extends ListArgs {
  /** The ID of the instance (bot) that calls from the numbers, not empty (the API's `InstanceId`). Required. */
  instanceId: string;
  /**
   * The phone number to select, exactly as the service returns it; not empty. The package filters the numbers that the service
   * returned. Default: any number.
   */
  number?: string | undefined;
}

/** The arguments of {@link getOutboundCallNumbers}. */
export interface GetOutboundCallNumbersArgs extends OutboundCallNumberSelectionArgs, PageArgs {}

/** The arguments of {@link listOutboundCallNumbers}. */
export interface ListOutboundCallNumbersArgs extends Omit<OutboundCallNumberSelectionArgs, "consistency"> {}

/** The result of {@link getOutboundCallNumbers}: the matching numbers, and the arguments. */
export interface GetOutboundCallNumbersResult extends GetOutboundCallNumbersArgs {
  /** A checksum of `ids` (CRC-32, decimal). The same IDs in the same order have the same checksum. */
  id: string;
  /** The IDs of the matching numbers, in alphabetical order, because the service returns no creation time. */
  ids: string[];
  /**
   * The phone numbers, in the order of `ids` and in the format that the API's StartJob and CreateJobGroup accept
   * (`CallingNumber`).
   */
  numbers: string[];
  /** The matching numbers, sorted by ID. */
  outboundCallNumbers: OutboundCallNumber[];
  /**
   * The number of phone numbers that the service counted for the instance (the API's `TotalCount`), before the other arguments
   * were applied.
   */
  totalCount: number;
}

/**
 * A phone number that an instance can call from, as returned in `OutboundCallNumbers.List`. Fields that the service left out are
 * absent, except the number.
 */
export interface OutboundCallNumber {
  /** The number's ID, same as `outboundCallNumberId`. */
  id: string;
  /** The number's ID (the API's `OutboundCallNumberId`). */
  outboundCallNumberId: string;
  /** The phone number (`Number`); empty when the service returned none. */
  number: string;
  /**
   * One of the two values of the number's rate limit (`RateLimitCount`). The vendor's documentation contradicts itself:
   * ListOutboundCallNumbers describes the value as the period in seconds, ModifyOutboundCallNumber as the number of calls.
   */
  rateLimitCount?: number;
  /**
   * The other value of the rate limit (`RateLimitPeriod`): the number of calls according to ListOutboundCallNumbers, the period in
   * seconds according to ModifyOutboundCallNumber.
   */
  rateLimitPeriod?: number;
}

function readOutboundCallNumber(wire: Reader): AsRead<OutboundCallNumber> {
  return withoutUndefined({
    id: wire.requiredString("OutboundCallNumberId"),
    // The vendor's sample shows the number without quotes.
    number: wire.text("Number"),
    rateLimitCount: wire.integer("RateLimitCount"),
    rateLimitPeriod: wire.integer("RateLimitPeriod"),
  });
}

/** The description of ListOutboundCallNumbers. */
export const outboundCallNumbers: ListApi<
  OutboundCallNumber,
  GetOutboundCallNumbersArgs,
  GetOutboundCallNumbersResult
> = {
  action: "ListOutboundCallNumbers",
  functions: { all: "getOutboundCallNumbers" },
  checks: { instanceId: text, number: text, ...commonArguments },
  required: { instanceId: true },
  noun: { one: "outbound call number", many: "outbound call numbers" },
  itemsPath: ["OutboundCallNumbers", "List"],
  longIntegers: ["Number"],
  readItem: readOutboundCallNumber,
  parameters: ({ instanceId }) => ({ InstanceId: instanceId }),
  matches: () => true,
  selects: (item, { number }) => number === undefined || item.number === number,
  nameOf: ({ number }) => number,
  createdAt: () => undefined,
  toItem: ({ id, ...read }) => ({ id, outboundCallNumberId: id, number: "", ...read }),
  toResult: (args, { items, names, ...found }) => ({
    ...args,
    ...found,
    numbers: names,
    outboundCallNumbers: items,
  }),
};
