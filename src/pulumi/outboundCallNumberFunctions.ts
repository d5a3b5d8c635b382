import type * as pulumi from "@pulumi/pulumi";
import type {
  GetOutboundCallNumbersArgs,
  GetOutboundCallNumbersResult,
  ListOutboundCallNumbersArgs,
  OutboundCallNumber,
} from "../lists/outboundCallNumbers.js";
import { Forms, type InputsOf, type StreamOptions, stream } from "./forms.js";

/** Loads the lookups on first use, which keeps importing the package fast. `import()` would start Node's ES module loader. */
const load = (): typeof import("../lookup/functions.js") => require("../lookup/functions.js");

const all = new Forms("getOutboundCallNumbers", (...call) => load().outboundCallNumberLookup.all(...call));

/**
 * The arguments of {@link getOutboundCallNumbersOutput}: the arguments of {@link getOutboundCallNumbers}, as plain values,
 * Outputs or Promises.
 */
export interface GetOutboundCallNumbersOutputArgs extends InputsOf<GetOutboundCallNumbersArgs> {}

/**
 * Finds the phone numbers that an instance can call from. Reads all pages of the API operation
 * [ListOutboundCallNumbers](https://next.api.alibabacloud.com/api/OutboundBot/2019-12-26/ListOutboundCallNumbers) and returns the
 * numbers that match. Needs the RAM action `outboundbot:ListOutboundCallNumbers`.
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
 * @param args the arguments that select the instance and its numbers.
 * @param opts the invoke options. `provider` and `dependsOn` are rejected, as in {@link getInstances}.
 * @returns the matching numbers; an empty list when nothing matches.
 * @throws {@link ServiceError} `NotExist.Instance` when the instance doesn't exist.
 * @throws the errors of {@link getInstances}.
 */
export async function getOutboundCallNumbers(
  args: GetOutboundCallNumbersArgs,
  opts: pulumi.InvokeOptions = {},
): Promise<GetOutboundCallNumbersResult> {
  return all.direct(args, opts);
}

/**
 * The Output form of {@link getOutboundCallNumbers}, whose arguments can be Outputs of resources or of other lookups. While an
 * argument is unknown, no request is sent and the result is unknown. A secret argument makes the result secret.
 *
 * @example
 * ```ts
 * import { getInstanceOutput, getOutboundCallNumbersOutput } from "pulumi-outboundbot";
 *
 * const bot = getInstanceOutput({ tags: { purpose: "survey" } });
 * export const numbers = getOutboundCallNumbersOutput({ instanceId: bot.id }).numbers;
 * ```
 *
 * @param args the arguments that select the instance and its numbers.
 * @param opts the invoke options, as in {@link getInstancesOutput}.
 * @returns the result of {@link getOutboundCallNumbers}, as an Output. It fails with the same errors.
 * @throws {@link ArgumentError} immediately, for a rejected option.
 */
export function getOutboundCallNumbersOutput(
  args: GetOutboundCallNumbersOutputArgs,
  opts: pulumi.InvokeOutputOptions = {},
): pulumi.Output<GetOutboundCallNumbersResult> {
  return all.output(args, opts);
}

/**
 * Streams the phone numbers of an instance in the service's order, as {@link listInstances} streams instances.
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
 * @param args the arguments that select the instance and its numbers.
 * @param options the options, such as a signal that ends the listing.
 * @returns the matching numbers, one at a time.
 * @throws the errors of {@link listInstances}, during the iteration.
 */
export function listOutboundCallNumbers(
  args: ListOutboundCallNumbersArgs,
  options: StreamOptions = {},
): AsyncIterable<OutboundCallNumber> {
  return stream("listOutboundCallNumbers", args, options, (...call) =>
    load().outboundCallNumberLookup.pages(...call),
  );
}
