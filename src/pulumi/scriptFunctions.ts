import type * as pulumi from "@pulumi/pulumi";
import type {
  GetScriptArgs,
  GetScriptsArgs,
  GetScriptsResult,
  ListScriptsArgs,
  Script,
} from "../lists/scripts.js";
import { Forms, type InputsOf, type StreamOptions, stream } from "./forms.js";

/** Loads the lookups on first use, which keeps importing the package fast. `import()` would start Node's ES module loader. */
const load = (): typeof import("../lookup/functions.js") => require("../lookup/functions.js");

const all = new Forms("getScripts", (...call) => load().scriptLookup.all(...call));
const one = new Forms("getScript", (...call) => load().scriptLookup.one(...call));

/** The arguments of {@link getScriptsOutput}: the arguments of {@link getScripts}, as plain values, Outputs or Promises. */
export interface GetScriptsOutputArgs extends InputsOf<GetScriptsArgs> {}

/** The arguments of {@link getScriptOutput}: the arguments of {@link getScript}, as plain values, Outputs or Promises. */
export interface GetScriptOutputArgs extends InputsOf<GetScriptArgs> {}

/** The result of {@link getScript}: the only matching script. */
export interface GetScriptResult extends Script {}

/**
 * Finds the scripts (scenarios) of an instance. Reads all pages of the API operation
 * [ListScripts](https://next.api.alibabacloud.com/api/OutboundBot/2019-12-26/ListScripts) and returns the scripts that match.
 * Needs the RAM action `outboundbot:ListScripts`.
 *
 * @example
 * ```ts
 * import { getInstance, getScripts } from "pulumi-outboundbot";
 *
 * const bot = await getInstance({ tags: { purpose: "survey" } });
 * const published = await getScripts({ instanceId: bot.id, status: "PUBLISHED" });
 * console.log(published.ids, published.names);
 * ```
 *
 * @param args the arguments that select the instance and its scripts.
 * @param opts the invoke options. `provider` and `dependsOn` are rejected, as in {@link getInstances}.
 * @returns the matching scripts, oldest first; an empty list when nothing matches.
 * @throws {@link ServiceError} `NotExist.Instance` when the instance doesn't exist.
 * @throws the errors of {@link getInstances}.
 */
export async function getScripts(
  args: GetScriptsArgs,
  opts: pulumi.InvokeOptions = {},
): Promise<GetScriptsResult> {
  return all.direct(args, opts);
}

/**
 * The Output form of {@link getScripts}, whose arguments can be Outputs of resources or of other lookups. While an argument is
 * unknown, no request is sent and the result is unknown. A secret argument makes the result secret.
 *
 * @example
 * ```ts
 * import { getInstanceOutput, getScriptsOutput } from "pulumi-outboundbot";
 *
 * const bot = getInstanceOutput({ tags: { purpose: "survey" } });
 * export const scriptNames = getScriptsOutput({ instanceId: bot.id }).names;
 * ```
 *
 * @param args the arguments that select the instance and its scripts.
 * @param opts the invoke options, as in {@link getInstancesOutput}.
 * @returns the result of {@link getScripts}, as an Output. It fails with the same errors.
 * @throws {@link ArgumentError} immediately, for a rejected option.
 */
export function getScriptsOutput(
  args: GetScriptsOutputArgs,
  opts: pulumi.InvokeOutputOptions = {},
): pulumi.Output<GetScriptsResult> {
  return all.output(args, opts);
}

/**
 * Finds exactly one script of an instance. Reads all pages of the API operation
 * [ListScripts](https://next.api.alibabacloud.com/api/OutboundBot/2019-12-26/ListScripts) and fails unless exactly one script
 * matches. Needs the RAM action `outboundbot:ListScripts`.
 *
 * @example
 * ```ts
 * import { getInstance, getScript } from "pulumi-outboundbot";
 *
 * const bot = await getInstance({ tags: { purpose: "survey" } });
 * const script = await getScript({ instanceId: bot.id, status: "PUBLISHED", nluEngine: "Prompts" });
 * console.log(script.id, script.scriptName);
 * ```
 *
 * @param args the arguments that select the instance and its scripts. With `instanceId` alone: the only script of the instance.
 * @param opts the invoke options. `provider` and `dependsOn` are rejected, as in {@link getInstances}.
 * @returns the script.
 * @throws {@link SelectionError} `ScriptNotFound` when no script matches, or `SeveralScriptsFound` when several do. The error
 * lists the matches.
 * @throws the errors of {@link getScripts}.
 */
export async function getScript(
  args: GetScriptArgs,
  opts: pulumi.InvokeOptions = {},
): Promise<GetScriptResult> {
  return one.direct(args, opts);
}

/**
 * The Output form of {@link getScript}, whose arguments can be Outputs of resources or of other lookups. While an argument is
 * unknown, no request is sent and the result is unknown. A secret argument makes the result secret.
 *
 * @example
 * ```ts
 * import { getInstanceOutput, getScriptOutput } from "pulumi-outboundbot";
 *
 * const bot = getInstanceOutput({ tags: { purpose: "survey" } });
 * export const scriptId = getScriptOutput({ instanceId: bot.id, status: "PUBLISHED" }).id;
 * ```
 *
 * @param args the arguments that select the instance and its scripts.
 * @param opts the invoke options, as in {@link getInstancesOutput}.
 * @returns the result of {@link getScript}, as an Output. It fails with the same errors.
 * @throws {@link ArgumentError} immediately, for a rejected option.
 */
export function getScriptOutput(
  args: GetScriptOutputArgs,
  opts: pulumi.InvokeOutputOptions = {},
): pulumi.Output<GetScriptResult> {
  return one.output(args, opts);
}

/**
 * Streams the scripts of an instance in the service's order, as {@link listInstances} streams instances.
 *
 * @example
 * ```ts
 * import { listScripts } from "pulumi-outboundbot";
 *
 * for await (const { id, scriptName } of listScripts({ instanceId: "af81a389-91f0-4157-8d82-720edd02b66a" })) {
 *   console.log(id, scriptName);
 * }
 * ```
 *
 * @param args the arguments that select the instance and its scripts.
 * @param options the options, such as a signal that ends the listing.
 * @returns the matching scripts, one at a time.
 * @throws the errors of {@link listInstances}, during the iteration.
 */
export function listScripts(args: ListScriptsArgs, options: StreamOptions = {}): AsyncIterable<Script> {
  return stream("listScripts", args, options, (...call) => load().scriptLookup.pages(...call));
}
