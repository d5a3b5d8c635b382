import type * as pulumi from "@pulumi/pulumi";
import type {
  GetInstanceArgs,
  GetInstancesArgs,
  GetInstancesResult,
  Instance,
  ListInstancesArgs,
} from "../lists/instances.js";
import { Door, type StreamOptions } from "./door.js";
import type { InputsOf } from "./outputForm.js";

const door = new Door(() => {
  const { instanceLookup }: typeof import("../lookup/instances.js") = require("../lookup/instances.js");
  return instanceLookup;
});

/** The arguments of {@link getInstancesOutput}: those of {@link getInstances}, each of which may be an Output. */
export interface GetInstancesOutputArgs extends InputsOf<GetInstancesArgs> {}

/**
 * Finds OutboundBot instances: reads all pages of the API's
 * [ListInstances](https://next.api.alibabacloud.com/api/OutboundBot/2019-12-26/ListInstances) and keeps what matches.
 *
 * @example
 * All bots of production, oldest first:
 * ```ts
 * import { getInstances } from "pulumi-outboundbot";
 *
 * const bots = await getInstances({ tags: { env: "prod" } });
 * console.log(bots.ids, bots.names, bots.totalCount);
 * ```
 *
 * @example
 * Every argument at once; all that are given must match:
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
 * @param args which instances to find, and where. Default: all instances of the account.
 * @param opts the options of an invoke. `provider` is refused, because a function that runs in the program has none;
 * `dependsOn` is refused, because only the Output form waits.
 * @returns the instances found, oldest first; an empty list when none matches.
 * @throws {@link ArgumentError} before any request, naming every bad argument and option.
 * @throws {@link SettingsError} when a setting is missing or bad, or no credentials are found.
 * @throws {@link ServiceError} when the service refuses or answers badly, after what is worth another try was tried again.
 * @throws {@link ConnectionError} when no whole answer comes, or not within `outboundbot:lookupTimeout`.
 * @throws {@link InconsistentListError} when five listings in a row contradict themselves, or the page of `pageNumber` is cut short.
 * @throws {@link OutputFileError} when `outputFile` cannot be written.
 * @see [ListInstances, in Chinese](https://help.aliyun.com/zh/outboundbot/developer-reference/api-outboundbot-2019-12-26-listinstances)
 */
export async function getInstances(
  args: GetInstancesArgs = {},
  opts: pulumi.InvokeOptions = {},
): Promise<GetInstancesResult> {
  return door.all("getInstances", args, opts);
}

/**
 * {@link getInstances} for arguments that are Outputs of resources. While an argument is unknown no request is made, and the
 * result is unknown; a secret argument makes the result secret.
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
 * @param args which instances to find, and where. Default: all instances of the account.
 * @param opts the options of an invoke. `dependsOn` names resources that must exist before the lookup is made, the children of
 * components included; `provider` is refused.
 * @returns what {@link getInstances} returns, as an Output. It fails as that does.
 * @throws {@link ArgumentError} at once, for a refused option.
 */
export function getInstancesOutput(
  args: GetInstancesOutputArgs = {},
  opts: pulumi.InvokeOutputOptions = {},
): pulumi.Output<GetInstancesResult> {
  return door.allOutput("getInstances", args, opts);
}

/** The arguments of {@link getInstanceOutput}: those of {@link getInstance}, each of which may be an Output. */
export interface GetInstanceOutputArgs extends InputsOf<GetInstanceArgs> {}

/** The result of {@link getInstance}: the one instance that matched. */
export interface GetInstanceResult extends Instance {}

/**
 * Finds the one OutboundBot instance that matches, among all pages of the API's
 * [ListInstances](https://next.api.alibabacloud.com/api/OutboundBot/2019-12-26/ListInstances).
 *
 * @example
 * ```ts
 * import { getInstance } from "pulumi-outboundbot";
 *
 * const bot = await getInstance({ tags: { purpose: "survey" } });
 * console.log(bot.id, bot.instanceName, bot.maxConcurrentConversation);
 * ```
 *
 * @param args which instance to find, and where. Default: the account's only one.
 * @param opts the options of an invoke. `provider` is refused, because a function that runs in the program has none;
 * `dependsOn` is refused, because only the Output form waits.
 * @returns the instance.
 * @throws {@link InstanceSelectionError} when none matches, or several, which it lists.
 * @throws what {@link getInstances} throws.
 */
export async function getInstance(
  args: GetInstanceArgs = {},
  opts: pulumi.InvokeOptions = {},
): Promise<GetInstanceResult> {
  return door.one("getInstance", args, opts);
}

/**
 * {@link getInstance} for arguments that are Outputs of resources. While an argument is unknown no request is made, and the
 * result is unknown; a secret argument makes the result secret.
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
 * @param args which instance to find, and where. Default: the account's only one.
 * @param opts the options of an invoke. `dependsOn` names resources that must exist before the lookup is made, the children of
 * components included; `provider` is refused.
 * @returns what {@link getInstance} returns, as an Output. It fails as that does.
 * @throws {@link ArgumentError} at once, for a refused option.
 */
export function getInstanceOutput(
  args: GetInstanceOutputArgs = {},
  opts: pulumi.InvokeOutputOptions = {},
): pulumi.Output<GetInstanceResult> {
  return door.oneOutput("getInstance", args, opts);
}

/** The options of {@link listInstances}. */
export interface ListInstancesOptions extends StreamOptions {}

/**
 * Streams OutboundBot instances from the API's
 * [ListInstances](https://next.api.alibabacloud.com/api/OutboundBot/2019-12-26/ListInstances), in the service's order. For scripts: it
 * holds a few pages at a time, however long the list is. Nothing is checked or asked before the first iteration; each iteration lists
 * anew; leaving the loop ends the requests that are under way. `outboundbot:lookupTimeout` does not bound it, as its time is its
 * reader's too.
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
 * @param args which instances to find, and where. Default: all instances of the account.
 * @param options how the listing can be ended early.
 * @returns the instances that match, one after the other.
 * @throws {@link InconsistentListError}, at that point of the iteration, when the list changes while it is read; what was handed
 * out before cannot be taken back.
 * @throws what {@link getInstances} throws, at the iteration.
 */
export function listInstances(
  args: ListInstancesArgs = {},
  options: ListInstancesOptions = {},
): AsyncIterable<Instance> {
  return door.stream("listInstances", args, options);
}
