import type * as pulumi from "@pulumi/pulumi";
import type { GetInstancesArgs } from "./listing/arguments.js";
import type { GetInstancesResult } from "./listing/result.js";
import { type InputsOf, outputForm } from "./outputForm.js";
import { loadLookup, program, refuseOptions, refuseOutputs } from "./program.js";

/** The arguments of `getInstancesOutput`: those of `getInstances`, each of which may be an Output. */
export interface GetInstancesOutputArgs extends InputsOf<GetInstancesArgs> {}

/**
 * Finds OutboundBot instances: reads all pages of the API's ListInstances and keeps what matches.
 *
 * ```ts
 * const { ids } = await getInstances({ tags: { env: "prod" } });
 * ```
 *
 * @param args which instances to find, and where; without any, all instances of the account.
 * @param opts `provider` is refused, because a function that runs in the program has none.
 * @returns the instances found, oldest first; an empty list when none matches.
 * @throws ArgumentError before any request, naming every bad argument; SettingsError when a setting is missing or bad;
 * ServiceError when the service refuses or answers badly; ConnectionError when no whole answer comes;
 * InconsistentListError when the list keeps changing; OutputFileError when `outputFile` cannot be written.
 */
export async function getInstances(
  args: GetInstancesArgs = {},
  opts: pulumi.InvokeOptions = {},
): Promise<GetInstancesResult> {
  refuseOptions("getInstances", opts, ["provider", "dependsOn"]);
  return find(args);
}

/**
 * `getInstances` for arguments that are Outputs of resources. While an argument is unknown no request is made, and the
 * result is unknown; a secret argument makes the result secret.
 *
 * @param opts `dependsOn` names resources that must exist before the lookup is made; `provider` is refused.
 */
export function getInstancesOutput(
  args: GetInstancesOutputArgs = {},
  opts: pulumi.InvokeOutputOptions = {},
): pulumi.Output<GetInstancesResult> {
  refuseOptions("getInstances", opts, ["provider"]);
  return outputForm(find, args, opts);
}

async function find(args: unknown): Promise<GetInstancesResult> {
  refuseOutputs("getInstances", args);
  const { lookUp } = await loadLookup();
  return lookUp("getInstances", args, program);
}
