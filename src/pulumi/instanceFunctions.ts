import type * as pulumi from "@pulumi/pulumi";
import type {
  GetInstanceArgs,
  GetInstancesArgs,
  GetInstancesResult,
  Instance,
  ListInstancesArgs,
} from "../lists/instances.js";
import { Forms, type InputsOf, type StreamOptions, stream } from "./forms.js";

/** Loads the lookups on first use, which keeps importing the package fast. `import()` would start Node's ES module loader. */
const load = (): typeof import("../lookup/functions.js") => require("../lookup/functions.js");

const all = new Forms("getInstances", (...call) => load().instanceLookup.all(...call));
const one = new Forms("getInstance", (...call) => load().instanceLookup.one(...call));

/** The arguments of {@link getInstancesOutput}: the arguments of {@link getInstances}, as plain values, Outputs or Promises. */
export interface GetInstancesOutputArgs extends InputsOf<GetInstancesArgs> {}

/**
 * Finds OutboundBot instances. Reads all pages of the API operation
 * [ListInstances](https://next.api.alibabacloud.com/api/OutboundBot/2019-12-26/ListInstances) and returns the instances that
 * match. Needs the RAM action `outboundbot:ListInstances`.
 *
 * @example
 * All production bots, oldest first:
 * ```ts
 * import { getInstances } from "pulumi-outboundbot";
 *
 * const bots = await getInstances({ tags: { env: "prod" } });
 * console.log(bots.ids, bots.names, bots.totalCount);
 * ```
 *
 * @example
 * Every argument at once; an instance must match all of them:
 * ```ts
 * import { getInstances } from "pulumi-outboundbot";
 *
 * const { instances } = await getInstances({
 *   tags: { env: "prod", team: "" }, // env is prod, and there is a team
 *   nameRegex: "^survey-",
 *   resourceGroupId: "rg-acfm3iugit3uw7a",
 *   outputFile: "bots.json",
 *   profile: "care",
 * });
 * ```
 *
 * @param args the arguments that select the instances, the account and the region. Default: all instances of the account.
 * @param opts the invoke options. `provider` is rejected, because the function runs in the program and has no provider;
 * `dependsOn` is rejected, because only the Output form waits.
 * @returns the matching instances, oldest first; an empty list when nothing matches.
 * @throws {@link ArgumentError} before any request, for invalid arguments or options. The error lists all problems.
 * @throws {@link SettingsError} when a setting is missing or invalid, or no credentials are found.
 * @throws {@link ServiceError} when the service returns an error or an unreadable response. Transient errors are retried first.
 * @throws {@link ConnectionError} when no complete response arrives, or the lookup exceeds `outboundbot:lookupTimeout`.
 * @throws {@link InconsistentListError} when five listings in a row are inconsistent, or the page
 * `pageNumber` is incomplete or has an instance twice.
 * @throws {@link OutputFileError} when `outputFile` can't be written.
 * @see [ListInstances, in
 * Chinese](https://help.aliyun.com/zh/outboundbot/developer-reference/api-outboundbot-2019-12-26-listinstances)
 */
export async function getInstances(
  args: GetInstancesArgs = {},
  opts: pulumi.InvokeOptions = {},
): Promise<GetInstancesResult> {
  return all.direct(args, opts);
}

/**
 * The Output form of {@link getInstances}, whose arguments can be Outputs of resources. While an argument is unknown, no request
 * is sent and the result is unknown. A secret argument makes the result secret.
 *
 * @example
 * ```ts
 * import * as pulumi from "@pulumi/pulumi";
 * import { getInstancesOutput } from "pulumi-outboundbot";
 *
 * const team = new pulumi.StackReference("acme/teams/prod").getOutput("care");
 * const bots = getInstancesOutput({ tags: { team } });
 *
 * export const ids = bots.ids;
 * export const capacity = bots.instances.apply((found) =>
 *   found.reduce((sum, bot) => sum + (bot.maxConcurrentConversation ?? 0), 0),
 * );
 * ```
 *
 * @param args the arguments that select the instances, the account and the region. Default: all instances of the account.
 * @param opts the invoke options. `dependsOn` names resources that must exist before the lookup runs, including the children of
 * components; `provider` is rejected.
 * @returns the result of {@link getInstances}, as an Output. It fails with the same errors.
 * @throws {@link ArgumentError} immediately, for a rejected option.
 */
export function getInstancesOutput(
  args: GetInstancesOutputArgs = {},
  opts: pulumi.InvokeOutputOptions = {},
): pulumi.Output<GetInstancesResult> {
  return all.output(args, opts);
}

/** The arguments of {@link getInstanceOutput}: the arguments of {@link getInstance}, as plain values, Outputs or Promises. */
export interface GetInstanceOutputArgs extends InputsOf<GetInstanceArgs> {}

/** The result of {@link getInstance}: the only matching instance. */
export interface GetInstanceResult extends Instance {}

/**
 * Finds exactly one OutboundBot instance. Reads all pages of the API operation
 * [ListInstances](https://next.api.alibabacloud.com/api/OutboundBot/2019-12-26/ListInstances) and fails unless exactly one
 * instance matches. Needs the RAM action `outboundbot:ListInstances`.
 *
 * @example
 * ```ts
 * import { getInstance } from "pulumi-outboundbot";
 *
 * const bot = await getInstance({ tags: { purpose: "survey" } });
 * console.log(bot.id, bot.instanceName, bot.maxConcurrentConversation);
 * ```
 *
 * @param args the arguments that select the instance, the account and the region. Default: the only instance of the account.
 * @param opts the invoke options. `provider` is rejected, because the function runs in the program and has no provider;
 * `dependsOn` is rejected, because only the Output form waits.
 * @returns the instance.
 * @throws {@link InstanceSelectionError} when no instance matches, or several do. The error lists the matches.
 * @throws the errors of {@link getInstances}.
 */
export async function getInstance(
  args: GetInstanceArgs = {},
  opts: pulumi.InvokeOptions = {},
): Promise<GetInstanceResult> {
  return one.direct(args, opts);
}

/**
 * The Output form of {@link getInstance}, whose arguments can be Outputs of resources. While an argument is unknown, no request
 * is sent and the result is unknown. A secret argument makes the result secret.
 *
 * @example
 * ```ts
 * import * as pulumi from "@pulumi/pulumi";
 * import { getInstanceOutput } from "pulumi-outboundbot";
 *
 * const purpose = new pulumi.Config().get("purpose") ?? "survey";
 * export const botId = getInstanceOutput({ tags: { purpose } }).id;
 * ```
 *
 * @param args the arguments that select the instance, the account and the region. Default: the only instance of the account.
 * @param opts the invoke options. `dependsOn` names resources that must exist before the lookup runs, including the children of
 * components; `provider` is rejected.
 * @returns the result of {@link getInstance}, as an Output. It fails with the same errors.
 * @throws {@link ArgumentError} immediately, for a rejected option.
 */
export function getInstanceOutput(
  args: GetInstanceOutputArgs = {},
  opts: pulumi.InvokeOutputOptions = {},
): pulumi.Output<GetInstanceResult> {
  return one.output(args, opts);
}

/** The options of {@link listInstances}. */
export interface ListInstancesOptions extends StreamOptions {}

/**
 * Streams OutboundBot instances in the service's order, from the API operation
 * [ListInstances](https://next.api.alibabacloud.com/api/OutboundBot/2019-12-26/ListInstances). Needs the RAM action
 * `outboundbot:ListInstances`.
 *
 * Meant for scripts: it holds only a few pages in memory, however long the list is. The first iteration checks the arguments and
 * sends the first request. Each loop starts a new listing. Leaving the loop cancels the requests in flight.
 * `outboundbot:lookupTimeout` doesn't apply, because the loop's own work takes time too.
 *
 * @example
 * ```ts
 * import { listInstances } from "pulumi-outboundbot";
 *
 * const signal = AbortSignal.timeout(60_000);
 * for await (const { id, instanceName } of listInstances({ tags: { env: "prod" } }, { signal })) {
 *   console.log(id, instanceName);
 * }
 * ```
 *
 * @param args the arguments that select the instances, the account and the region. Default: all instances of the account.
 * @param options the options, such as a signal that ends the listing.
 * @returns the matching instances, one at a time.
 * @throws {@link InconsistentListError} during the iteration, when the list changes while it is read. It can't take back instances
 * that were already yielded.
 * @throws the errors of {@link getInstances}, during the iteration.
 */
export function listInstances(
  args: ListInstancesArgs = {},
  options: ListInstancesOptions = {},
): AsyncIterable<Instance> {
  return stream("listInstances", args, options, (...call) => load().instanceLookup.pages(...call));
}
