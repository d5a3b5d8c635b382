import type * as pulumi from "@pulumi/pulumi";
import type { GetInstancesArgs, GetInstancesResult } from "../lists/instances.js";

import { type InputsOf, outputForm } from "./outputForm.js";
import {
  loadInstanceLookup,
  program,
  refusedByOutputForm,
  refusedByPlainForm,
  refuseOptions,
  refuseOutputs,
} from "./program.js";

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
  refuseOptions("getInstances", opts, refusedByPlainForm);
  return find(args);
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
  refuseOptions("getInstances", opts, refusedByOutputForm);
  return outputForm(find, args, opts);
}

async function find(args: unknown): Promise<GetInstancesResult> {
  refuseOutputs("getInstances", args);
  return loadInstanceLookup().all("getInstances", args, program);
}
