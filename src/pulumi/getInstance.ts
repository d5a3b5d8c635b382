import type * as pulumi from "@pulumi/pulumi";
import type { GetInstanceArgs, Instance } from "../lists/instances.js";

import { type InputsOf, outputForm } from "./outputForm.js";
import {
  loadInstanceLookup,
  program,
  refusedByOutputForm,
  refusedByPlainForm,
  refuseOptions,
  refuseOutputs,
} from "./program.js";

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
  refuseOptions("getInstance", opts, refusedByPlainForm);
  return find(args);
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
  refuseOptions("getInstance", opts, refusedByOutputForm);
  return outputForm(find, args, opts);
}

async function find(args: unknown): Promise<GetInstanceResult> {
  refuseOutputs("getInstance", args);
  return loadInstanceLookup().one("getInstance", args, program);
}
