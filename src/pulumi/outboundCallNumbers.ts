import type * as pulumi from "@pulumi/pulumi";
import type {
  GetOutboundCallNumbersArgs,
  GetOutboundCallNumbersResult,
  ListOutboundCallNumbersArgs,
  OutboundCallNumber,
} from "../lists/outboundCallNumbers.js";
import { Door, type StreamOptions } from "./door.js";
import type { InputsOf } from "./outputForm.js";

const door = new Door(() => {
  const {
    outboundCallNumberLookup,
  }: typeof import("../lookup/outboundCallNumbers.js") = require("../lookup/outboundCallNumbers.js");
  return outboundCallNumberLookup;
});

/** The arguments of {@link getOutboundCallNumbersOutput}: those of {@link getOutboundCallNumbers}, each of which may be an Output. */
export interface GetOutboundCallNumbersOutputArgs extends InputsOf<GetOutboundCallNumbersArgs> {}

/**
 * Finds the numbers that an instance can call from: reads all pages of the API's
 * [ListOutboundCallNumbers](https://next.api.alibabacloud.com/api/OutboundBot/2019-12-26/ListOutboundCallNumbers) and keeps what matches.
 * Needs the RAM action `outboundbot:ListOutboundCallNumbers`.
 *
 * @example
 * ```ts
 * import { getInstance, getOutboundCallNumbers } from "pulumi-outboundbot";
 *
 * const bot = await getInstance({ tags: { purpose: "survey" } });
 * const { numbers } = await getOutboundCallNumbers({ instanceId: bot.id });
 * console.log(numbers);
 * ```
 *
 * @param args which instance, and which of its numbers.
 * @param opts the options of an invoke. `provider` and `dependsOn` are refused, as by {@link getInstances}.
 * @returns the numbers found; an empty list when none matches.
 * @throws what {@link getInstances} throws; {@link ServiceError} `NotExist.Instance` when there is no such instance.
 */
export async function getOutboundCallNumbers(
  args: GetOutboundCallNumbersArgs,
  opts: pulumi.InvokeOptions = {},
): Promise<GetOutboundCallNumbersResult> {
  return door.all("getOutboundCallNumbers", args, opts);
}

/**
 * {@link getOutboundCallNumbers} for arguments that are Outputs of resources or of other lookups. While an argument is unknown no request
 * is made, and the result is unknown; a secret argument makes the result secret.
 *
 * @example
 * ```ts
 * import { getInstanceOutput, getOutboundCallNumbersOutput } from "pulumi-outboundbot";
 *
 * const bot = getInstanceOutput({ tags: { purpose: "survey" } });
 * export const numbers = getOutboundCallNumbersOutput({ instanceId: bot.id }).numbers;
 * ```
 *
 * @param args which instance, and which of its numbers.
 * @param opts the options of an invoke, as for {@link getInstancesOutput}.
 * @returns what {@link getOutboundCallNumbers} returns, as an Output. It fails as that does.
 * @throws {@link ArgumentError} at once, for a refused option.
 */
export function getOutboundCallNumbersOutput(
  args: GetOutboundCallNumbersOutputArgs,
  opts: pulumi.InvokeOutputOptions = {},
): pulumi.Output<GetOutboundCallNumbersResult> {
  return door.allOutput("getOutboundCallNumbers", args, opts);
}

/**
 * Streams the numbers of an instance in the service's order, as {@link listInstances} streams instances.
 *
 * @example
 * ```ts
 * import { listOutboundCallNumbers } from "pulumi-outboundbot";
 *
 * for await (const { number } of listOutboundCallNumbers({ instanceId: "af81a389-91f0-4157-8d82-720edd02b66a" })) {
 *   console.log(number);
 * }
 * ```
 *
 * @param args which instance, and which of its numbers.
 * @param options how the listing can be ended early.
 * @returns the numbers that match, one after the other.
 * @throws what {@link listInstances} throws, at the iteration.
 */
export function listOutboundCallNumbers(
  args: ListOutboundCallNumbersArgs,
  options: StreamOptions = {},
): AsyncIterable<OutboundCallNumber> {
  return door.stream("listOutboundCallNumbers", args, options);
}
