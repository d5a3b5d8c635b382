import { crc32 } from "node:zlib";
import type { Instance } from "../lists/instance.js";
import type { GetInstancesArgs } from "./arguments.js";

/** The result of {@link getInstances}: what was found, and every argument that was given. */
export interface GetInstancesResult extends GetInstancesArgs {
  /** A checksum of `ids`: the same for the same ids in the same order (CRC-32, decimal). */
  id: string;
  /** The ids of the instances found, oldest instance first. */
  ids: string[];
  /** The names of the instances found, in the order of `ids`; empty for an instance without a name. */
  names: string[];
  /** The instances found, by `creationTime`, then by id. */
  instances: Instance[];
  /**
   * How many instances the service counted for `tags`, `name` and `resourceGroupId` (the API's `TotalCount`), before `ids`
   * and `nameRegex` were applied; how many it returned, where it gave no count.
   */
  totalCount: number;
}

/** Puts a result together. */
export function toResult(
  args: GetInstancesArgs,
  found: readonly Instance[],
  totalCount: number,
): GetInstancesResult {
  const instances = [...found].sort(byAge);
  const ids = instances.map(({ id }) => id);
  return {
    ...args,
    id: String(crc32(ids.map((id) => `${id}-`).join(""))),
    ids,
    names: instances.map(({ instanceName }) => instanceName ?? ""),
    instances,
    totalCount,
  };
}

/** Oldest first, so that `ids[0]` stays when an instance is added; those of unknown age last. */
function byAge(a: Instance, b: Instance): number {
  const ageOrder =
    (a.creationTime ?? Number.POSITIVE_INFINITY) - (b.creationTime ?? Number.POSITIVE_INFINITY);
  if (ageOrder !== 0 && !Number.isNaN(ageOrder)) {
    return ageOrder;
  }
  return a.id < b.id ? -1 : 1;
}
