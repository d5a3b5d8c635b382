import type * as pulumi from "@pulumi/pulumi";
import type { GetInstanceArgs } from "./listing/arguments.js";
import type { Instance } from "./listing/instance.js";
import { type InputsOf, outputForm } from "./outputForm.js";
import { loadLookup, program, refuseOptions, refuseOutputs } from "./program.js";

/** The arguments of `getInstanceOutput`: those of `getInstance`, each of which may be an Output. */
export interface GetInstanceOutputArgs extends InputsOf<GetInstanceArgs> {}

/** The result of `getInstance`: the one instance that matched. */
export interface GetInstanceResult extends Instance {}

/**
 * Finds the one OutboundBot instance that matches.
 *
 * ```ts
 * const { id } = await getInstance({ tags: { purpose: "survey" } });
 * ```
 *
 * @param args which instance to find, and where.
 * @param opts `provider` is refused, because a function that runs in the program has none.
 * @throws InstanceSelectionError when none matches, or several, which it lists; and what `getInstances` throws.
 */
export async function getInstance(
  args: GetInstanceArgs = {},
  opts: pulumi.InvokeOptions = {},
): Promise<GetInstanceResult> {
  refuseOptions("getInstance", opts, ["provider", "dependsOn"]);
  return find(args);
}

/**
 * `getInstance` for arguments that are Outputs of resources. While an argument is unknown no request is made, and the
 * result is unknown; a secret argument makes the result secret.
 *
 * @param opts `dependsOn` names resources that must exist before the lookup is made; `provider` is refused.
 */
export function getInstanceOutput(
  args: GetInstanceOutputArgs = {},
  opts: pulumi.InvokeOutputOptions = {},
): pulumi.Output<GetInstanceResult> {
  refuseOptions("getInstance", opts, ["provider"]);
  return outputForm(find, args, opts);
}

async function find(args: unknown): Promise<GetInstanceResult> {
  refuseOutputs("getInstance", args);
  const { lookUpOne } = await loadLookup();
  return lookUpOne("getInstance", args, program);
}
