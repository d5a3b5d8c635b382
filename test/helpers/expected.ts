import type { ServiceInstance } from "../../src/emulator/index.js";
import type { Instance } from "../../src/lists/instances.js";

/** Returns the expected result for instances of the emulator. Written field by field, independently of the code under test. */
export function expected(instances: readonly ServiceInstance[]): Instance[] {
  return instances.map(toExpected).sort((a, b) => {
    const [timeA, timeB] = [a.creationTime ?? Number.MAX_VALUE, b.creationTime ?? Number.MAX_VALUE];
    return timeA === timeB ? (a.id < b.id ? -1 : 1) : timeA - timeB;
  });
}

function toExpected(wire: ServiceInstance): Instance {
  const all = {
    id: wire.InstanceId,
    instanceId: wire.InstanceId,
    instanceName: wire.InstanceName ?? "",
    instanceDescription: wire.InstanceDescription,
    creationTime: wire.CreationTime,
    creatorId: wire.CreatorId?.toString(),
    creatorName: wire.CreatorName,
    ownerName: wire.OwnerName,
    resourceGroupId: wire.ResourceGroupId,
    maxConcurrentConversation: wire.MaxConcurrentConversation,
    isPreset: wire.IsPreset,
    tags: Object.fromEntries((wire.ResourceTags ?? []).map(({ Key, Value }) => [Key, Value])),
  };
  // Other fields that are absent in the response are absent in the result.
  return JSON.parse(JSON.stringify(all));
}
