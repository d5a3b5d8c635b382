import type { Reader } from "../api/reader.js";
import { withoutUndefined } from "../common/values.js";
import { InstanceSelectionError } from "../errors/errors.js";
import { commonArguments, type ListArgs, type PageArgs, pattern, tags, text } from "./arguments.js";
import type { AsRead, ListApi } from "./listApi.js";

/** Selects instances. An instance must match every argument given; without arguments, all instances match. */
export interface SelectionArgs extends ListArgs {
  /**
   * The tags that an instance must have, as a map of non-empty keys to values. An instance must have all of them. An empty value
   * matches any value of the tag. The service filters by them (the API's `Tag.N.Key` and `Tag.N.Value`), and the package checks
   * the returned instances. It leaves out an instance with an empty list of tags, and keeps an instance without the field. More
   * than 20 tags cause a warning, because OutboundBot's TagResources accepts at most 20. Default: any tags.
   */
  tags?: Record<string, string> | undefined;
  /**
   * The instance's name, not empty. The service matches it (the API's `Name`). Whether part of a name matches isn't documented.
   * Default: any name.
   */
  name?: string | undefined;
  /**
   * An [RE2](https://github.com/google/re2/wiki/Syntax) regular expression, not empty, that must match somewhere in the
   * instance's name (unanchored). An instance without a name never matches. The package filters the instances that the service
   * returned. Default: any name.
   */
  nameRegex?: string | undefined;
  /**
   * The ID of the resource group (the API's `ResourceGroupId`), such as `rg-acfm3iugit3uw7a`; not empty. The service filters by
   * it, and the package checks the returned instances. Default: any resource group.
   */
  resourceGroupId?: string | undefined;
}

/** The arguments of {@link getInstances}. */
export interface GetInstancesArgs extends SelectionArgs, PageArgs {}

/** The arguments of {@link getInstance}. */
export interface GetInstanceArgs extends SelectionArgs {}

/** The arguments of {@link listInstances}. */
export interface ListInstancesArgs extends Omit<SelectionArgs, "consistency"> {}

/** The result of {@link getInstances}: the matching instances, and the arguments. */
export interface GetInstancesResult extends GetInstancesArgs {
  /** A checksum of `ids` (CRC-32, decimal). The same IDs in the same order have the same checksum. */
  id: string;
  /** The IDs of the matching instances, oldest instance first. */
  ids: string[];
  /** The names of the matching instances, in the order of `ids`; empty for an instance without a name. */
  names: string[];
  /** The matching instances, sorted by `creationTime`, then by ID. */
  instances: Instance[];
  /**
   * The number of instances that the service counted for `tags`, `name` and `resourceGroupId` (the API's `TotalCount`), before
   * `ids` and `nameRegex` were applied. If the service returned no count, or a count that can't be right, this is the number of
   * instances returned.
   */
  totalCount: number;
}

/**
 * An OutboundBot instance (a bot), as returned in `Instances`. Fields that the service left out are absent, except the name and
 * the tags, which are then empty.
 */
export interface Instance {
  /** The instance's ID, same as `instanceId`. */
  id: string;
  /** The instance's ID (the API's `InstanceId`). */
  instanceId: string;
  /** The name (`InstanceName`); empty when the service returned none. */
  instanceName: string;
  /** The description (`InstanceDescription`). */
  instanceDescription?: string;
  /** The creation time, in milliseconds since the Unix epoch (`CreationTime`). */
  creationTime?: number;
  /** The account ID of the creator (`CreatorId`), as decimal digits, because it may exceed 2^53. */
  creatorId?: string;
  /** The name of the creator (`CreatorName`). */
  creatorName?: string;
  /** The name of the owner (`OwnerName`). */
  ownerName?: string;
  /** The ID of the instance's resource group (`ResourceGroupId`). */
  resourceGroupId?: string;
  /** The maximum number of concurrent outbound calls (`MaxConcurrentConversation`). */
  maxConcurrentConversation?: number;
  /** Whether the service created the instance as a preset (`IsPreset`). */
  isPreset?: boolean;
  /**
   * The tags (`ResourceTags`), as a map of keys to values. A tag without a value has an empty value. Empty when the service
   * returned none.
   */
  tags: Record<string, string>;
}

/** Reads one element of `Instances`. Leaves out the keys that older versions of the service returned in it. */
function readInstance(wire: Reader): AsRead<Instance> {
  return withoutUndefined({
    id: wire.requiredString("InstanceId"),
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

/**
 * Returns whether an instance matches the filters that the service applied. Without tags or a resource group in the response, it
 * is assumed to match.
 */
function matches({ tags, resourceGroupId }: AsRead<Instance>, args: GetInstancesArgs): boolean {
  const wanted = args.resourceGroupId;
  // An empty ID counts as absent too.
  if (wanted !== undefined && resourceGroupId && resourceGroupId !== wanted) {
    return false;
  }
  const wantedTags = args.tags;
  if (tags === undefined || wantedTags === undefined) {
    return true;
  }
  return Object.keys(wantedTags).every(
    (key) => Object.hasOwn(tags, key) && (wantedTags[key] === "" || tags[key] === wantedTags[key]),
  );
}

/** The maximum number of tags of the API's TagResources. ListInstances states no limit. */
const mostTags = 20;

function warningOfTags(count: number): string | undefined {
  return count > mostTags
    ? `${count} tags were requested; OutboundBot's TagResources accepts at most ${mostTags}. ListInstances states no limit, but OutboundBot may reject the request or ignore some tags.`
    : undefined;
}

/** The description of ListInstances. */
export const instances: ListApi<Instance, GetInstancesArgs, GetInstancesResult> = {
  action: "ListInstances",
  functions: { all: "getInstances", one: "getInstance" },
  checks: { tags, name: text, nameRegex: pattern, resourceGroupId: text, ...commonArguments },
  required: {},
  noun: { one: "instance", many: "instances" },
  itemsPath: ["Instances"],
  longIntegers: ["CreatorId"],
  readItem: readInstance,
  parameters: ({ name, resourceGroupId, tags = {} }) => ({
    Name: name,
    ResourceGroupId: resourceGroupId,
    // The meaning of an empty value isn't documented; a key without a value matches any value.
    Tag: Object.entries(tags).map(([Key, Value]) => (Value === "" ? { Key } : { Key, Value })),
  }),
  warningOf: ({ tags = {} }) => warningOfTags(Object.keys(tags).length),
  matches,
  nameOf: ({ instanceName }) => instanceName,
  toItem: ({ id, ...read }) => ({
    id,
    instanceId: id,
    instanceName: "",
    ...read,
    tags: read.tags ?? {},
  }),
  createdAt: ({ creationTime }) => creationTime,
  toResult: (args, { items, ...found }) => ({ ...args, ...found, instances: items }),
  selection: { error: InstanceSelectionError, ifSeveral: "more tags, a name or an ID" },
};
