import type { Reader } from "../api/reader.js";
import { given } from "../common/values.js";
import { InstanceSelectionError } from "../errors/errors.js";
import { commonArguments, type ListArgs, type PageArgs, pattern, tags, text } from "./arguments.js";
import type { ListApi } from "./listApi.js";

/** Which instances to find. Everything given must match; with nothing given, all instances match. */
export interface SelectionArgs extends ListArgs {
  /**
   * Tags that an instance must carry, all of them: a map of keys, which must not be empty, to values. An empty value means that the
   * tag may have any value. Sent as the API's `Tag.N.Key` and `Tag.N.Value`, and checked again on what comes back: an instance that
   * shows an empty list of tags is left out, one that shows no list is not. More than 20 tags are sent with a warning, as other tag
   * APIs of the vendor take no more. Default: any tags.
   */
  tags?: Record<string, string> | undefined;
  /**
   * The instance's name, not empty, matched by the service (the API's `Name`; the service does not state whether a part is enough).
   * Default: any name.
   */
  name?: string | undefined;
  /**
   * An [RE2](https://github.com/google/re2/wiki/Syntax) regular expression, not empty, that the instance's name must match somewhere
   * (unanchored); an instance without a name matches none. Applied to what the service returned. Default: any name.
   */
  nameRegex?: string | undefined;
  /**
   * Only instances of this resource group (the API's `ResourceGroupId`), such as `rg-acfm3iugit3uw7a`; not empty. Sent to the
   * service, and checked again on what comes back. Default: any group.
   */
  resourceGroupId?: string | undefined;
}

/** The arguments of {@link getInstances}. */
export interface GetInstancesArgs extends SelectionArgs, PageArgs {}

/** The arguments of {@link getInstance}. */
export interface GetInstanceArgs extends SelectionArgs {}

/** The arguments of {@link listInstances}. */
export interface ListInstancesArgs extends Omit<SelectionArgs, "consistency"> {}

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
   * and `nameRegex` were applied; how many it returned, where it gave no count or one that cannot be right.
   */
  totalCount: number;
}

/**
 * An OutboundBot instance (a bot), as the service describes it in `Instances`. A field that the service left out is absent, except for
 * the name and the tags, which are then empty.
 */
export interface Instance {
  /** The instance's id, the same as `instanceId`. */
  id: string;
  /** The instance's id (the API's `InstanceId`). */
  instanceId: string;
  /** The name (`InstanceName`); empty when the service returned none. */
  instanceName: string;
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
  /**
   * Its tags (`ResourceTags`), as a map of keys to values; a tag without a value has an empty one. Empty when the service returned
   * none.
   */
  tags: Record<string, string>;
}

/** An instance as read, before the selection: what the service left out decides there. */
export type ReadInstance = Omit<Instance, "instanceName" | "tags"> &
  Partial<Pick<Instance, "instanceName" | "tags">>;

/** Reads one element of `Instances`. Older versions of the service returned keys in it, which are left out. */
function readInstance(wire: Reader): ReadInstance {
  const id = wire.requiredString("InstanceId");
  return given({
    id,
    instanceId: id,
    instanceName: wire.string("InstanceName"),
    instanceDescription: wire.repeatedString("InstanceDescription"),
    creationTime: wire.integer("CreationTime"),
    creatorId: wire.longInteger("CreatorId"),
    creatorName: wire.repeatedString("CreatorName"),
    ownerName: wire.repeatedString("OwnerName"),
    resourceGroupId: wire.repeatedString("ResourceGroupId"),
    maxConcurrentConversation: wire.integer("MaxConcurrentConversation"),
    isPreset: wire.boolean("IsPreset"),
    tags: wire.tags("ResourceTags"),
  });
}

/** Whether an instance shows what the service was asked for. One that shows no tags, or no resource group, is not doubted. */
function matches({ tags, resourceGroupId }: ReadInstance, args: GetInstancesArgs): boolean {
  const wanted = args.resourceGroupId;
  if (wanted !== undefined && resourceGroupId !== undefined && resourceGroupId !== wanted) {
    return false;
  }
  return (
    tags === undefined ||
    Object.entries(args.tags ?? {}).every(
      ([key, value]) => Object.hasOwn(tags, key) && (value === "" || tags[key] === value),
    )
  );
}

/** As a rule the service shows both, so that no instance is copied. */
function toInstance(read: ReadInstance): Instance {
  return isComplete(read) ? read : { ...read, instanceName: read.instanceName ?? "", tags: read.tags ?? {} };
}

function isComplete(read: ReadInstance): read is Instance {
  return read.instanceName !== undefined && read.tags !== undefined;
}

/** The most tags that the vendor's other tag APIs take. OutboundBot documents no limit. */
const mostTags = 20;

function warningOfTags(count: number): string | undefined {
  return count > mostTags
    ? `${count} tags were given, and other tag APIs of the vendor take at most ${mostTags}. OutboundBot documents no limit, but may refuse the request or ignore some tags.`
    : undefined;
}

/** The API's ListInstances. */
export const instances: ListApi<Instance, GetInstancesArgs, GetInstancesResult, ReadInstance> = {
  action: "ListInstances",
  functions: { all: "getInstances", one: "getInstance" },
  checks: { tags, name: text, nameRegex: pattern, resourceGroupId: text, ...commonArguments },
  noun: { one: "instance", many: "instances" },
  itemsPath: ["Instances"],
  longIntegers: ["CreatorId"],
  readItem: readInstance,
  parameters: ({ name, resourceGroupId, tags = {} }) => ({
    Name: name,
    ResourceGroupId: resourceGroupId,
    // The meaning of an empty value is not documented; a key alone leaves the value open.
    Tag: Object.entries(tags).map(([Key, Value]) => (Value === "" ? { Key } : { Key, Value })),
  }),
  warningOf: ({ tags = {} }) => warningOfTags(Object.keys(tags).length),
  matches,
  nameOf: ({ instanceName }) => instanceName,
  toItem: toInstance,
  createdAt: ({ creationTime }) => creationTime,
  toResult: (args, { id, ids, names, items, totalCount }) => ({
    ...args,
    id,
    ids,
    names,
    instances: items,
    totalCount,
  }),
  selection: { error: InstanceSelectionError, ifSeveral: "more tags, a name or an id" },
};
