import type { Instance } from "../lists/instance.js";
import type { Query, ServiceFilter } from "./query.js";

/** What a query keeps of the instances that the service returned. */
export interface Selection {
  readonly instances: Instance[];
  /** How many instances the service returned although they show that they do not match what it was asked. */
  readonly unasked: number;
}

/** Applies a query to what the service returned. */
export function select(returned: readonly Instance[], query: Query): Selection {
  const asked = returned.filter((instance) => isAsked(instance, query.filter));
  const instances = asked.filter(
    ({ id, instanceName }) =>
      (query.ids === undefined || query.ids.has(id)) &&
      (query.namePattern === undefined || (instanceName !== undefined && query.namePattern(instanceName))),
  );
  return { instances, unasked: returned.length - asked.length };
}

/**
 * Whether an instance is one that the service was asked for. An instance that shows no tags or no resource group is taken
 * at the service's word; how the service matches a name is not stated, so its word is taken there too.
 */
function isAsked({ tags, resourceGroupId }: Instance, filter: ServiceFilter): boolean {
  if (
    filter.resourceGroupId !== undefined &&
    resourceGroupId !== undefined &&
    resourceGroupId !== filter.resourceGroupId
  ) {
    return false;
  }
  return (
    tags === undefined ||
    filter.tags.every(([key, value]) => Object.hasOwn(tags, key) && (value === "" || tags[key] === value))
  );
}
