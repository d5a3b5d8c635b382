import type { ListInstancesArgs } from "./listing/arguments.js";
import type { Instance } from "./listing/instance.js";
import { loadLookup, program, refuseOutputs } from "./program.js";

/** The options of `listInstances`. */
export interface ListInstancesOptions {
  /** Ends the listing when it is aborted; the iteration then throws the signal's reason. */
  signal?: AbortSignal | undefined;
}

/**
 * Streams OutboundBot instances, in the service's order. For scripts: it holds a few pages at a time, however long the
 * list is. Each iteration lists anew; leaving the loop ends the requests that are under way.
 *
 * ```ts
 * for await (const { id, instanceName } of listInstances({ tags: { env: "prod" } })) {
 *   console.log(id, instanceName);
 * }
 * ```
 *
 * @throws InconsistentListError, at that point of the iteration, when the list changes while it is read; what was handed out
 * before cannot be taken back. And what `getInstances` throws.
 */
export function listInstances(
  args: ListInstancesArgs = {},
  { signal }: ListInstancesOptions = {},
): AsyncIterable<Instance> {
  return {
    async *[Symbol.asyncIterator]() {
      refuseOutputs("listInstances", args);
      const { streamLookUp } = await loadLookup();
      yield* streamLookUp("listInstances", args, { ...program, signal });
    },
  };
}
