import type { Instance, ListInstancesArgs } from "../lists/instances.js";

import { loadInstanceLookup, program, refuseOutputs } from "./program.js";

/** The options of {@link listInstances}. */
export interface ListInstancesOptions {
  /** Ends the listing when it is aborted; the iteration then throws the signal's reason. Default: none. */
  signal?: AbortSignal | undefined;
}

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
  return {
    async *[Symbol.asyncIterator]() {
      refuseOutputs("listInstances", args);
      yield* loadInstanceLookup().stream("listInstances", args, { ...program, signal: options.signal });
    },
  };
}
