import type { ServiceInstance } from "../../src/emulator/index.js";
import type { Instance } from "../../src/lists/instances.js";

/** What a lookup should give for instances of the emulator: written apart from the code under test, field by field. */
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
  // What else is absent on the wire is absent in the result.
  return JSON.parse(JSON.stringify(all));
}
