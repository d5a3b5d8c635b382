import type { Reader } from "../api/reader.js";
import { given } from "../common/values.js";

/** An OutboundBot instance (a bot), as the service describes it in `Instances`. What the service left out is absent. */
export interface Instance {
  /** The instance's id, the same as `instanceId`. */
  id: string;
  /** The instance's id (the API's `InstanceId`). */
  instanceId: string;
  /** The name (`InstanceName`). */
  instanceName?: string;
  /** The description (`InstanceDescription`). */
  instanceDescription?: string;
  /** When it was created, in milliseconds since 1970-01-01T00:00:00Z (`CreationTime`). */
  creationTime?: number;
  /** The account id of its creator (`CreatorId`), as exact decimal digits: it may pass what a number can hold. */
  creatorId?: string;
  /** The name of its creator (`CreatorName`). */
  creatorName?: string;
  /** The name of its owner (`OwnerName`). */
  ownerName?: string;
  /** The resource group that it belongs to (`ResourceGroupId`). */
  resourceGroupId?: string;
  /** How many outbound calls it may have at once (`MaxConcurrentConversation`). */
  maxConcurrentConversation?: number;
  /** Whether the service itself set it up (`IsPreset`). */
  isPreset?: boolean;
  /** Its tags (`ResourceTags`), as a map of keys to values; a tag without a value has an empty one. */
  tags?: Record<string, string>;
}

/**
 * Reads one element of the API's `Instances`. Only the documented fields are taken over, so that nothing unknown, such as
 * the keys that older versions of the service returned, can reach a state.
 */
export function readInstance(wire: Reader): Instance {
  const id = wire.requiredString("InstanceId");
  return {
    id,
    instanceId: id,
    ...given({
      instanceName: wire.string("InstanceName"),
      instanceDescription: wire.string("InstanceDescription"),
      creationTime: wire.integer("CreationTime"),
      creatorId: wire.longDigits("CreatorId"),
      creatorName: wire.string("CreatorName"),
      ownerName: wire.string("OwnerName"),
      resourceGroupId: wire.string("ResourceGroupId"),
      maxConcurrentConversation: wire.integer("MaxConcurrentConversation"),
      isPreset: wire.boolean("IsPreset"),
      tags: readTags(wire),
    }),
  };
}

function readTags(wire: Reader): Record<string, string> | undefined {
  const tags = wire.list("ResourceTags");
  if (tags === undefined) {
    return undefined;
  }
  return Object.fromEntries(tags.map((tag) => [tag.requiredString("Key"), tag.string("Value") ?? ""]));
}
