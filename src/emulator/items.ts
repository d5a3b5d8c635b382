import { anyText, checkThat, filledText, flag, listOf, objectOf, wholeNumber } from "./checks.js";

/** One tag of an instance, in the format of the service. */
export interface ResourceTag {
  /** The tag's key, such as `env`; not empty. */
  readonly Key: string;
  /** The tag's value; may be empty. */
  readonly Value: string;
}

/**
 * An OutboundBot instance, with the field names of the API operation
 * [ListInstances](https://next.api.alibabacloud.com/api/OutboundBot/2019-12-26/ListInstances). A field that is absent here is
 * absent from the response too.
 */
export interface ServiceInstance {
  /** The instance's ID, unique in the list; not empty. */
  readonly InstanceId: string;
  /** The instance's name. */
  readonly InstanceName?: string;
  /** The instance's description. */
  readonly InstanceDescription?: string;
  /** The ID of the resource group, such as `rg-acfm3iugit3uw7a`. */
  readonly ResourceGroupId?: string;
  /** The name of the owner. */
  readonly OwnerName?: string;
  /** The name of the creator. */
  readonly CreatorName?: string;
  /** The account ID of the creator, an integer from 0 to 2^63 - 1. Often above 2^53, and returned as a JSON number. */
  readonly CreatorId?: bigint;
  /** The creation time in milliseconds since the Unix epoch, an integer from 0. */
  readonly CreationTime?: number;
  /** The maximum number of concurrent outbound calls, an integer from 0. */
  readonly MaxConcurrentConversation?: number;
  /** Whether the service created the instance as a preset. */
  readonly IsPreset?: boolean;
  /** The tags. */
  readonly ResourceTags?: readonly ResourceTag[];
}

/**
 * A script of an instance, with the field names of the API operation
 * [ListScripts](https://next.api.alibabacloud.com/api/OutboundBot/2019-12-26/ListScripts). A field that is absent here is absent
 * from the response too.
 */
export interface ServiceScript {
  /** The script's ID, unique in its instance; not empty. */
  readonly ScriptId: string;
  /** The name. */
  readonly ScriptName?: string;
  /** The engine; absent or empty for a small model. */
  readonly NluEngine?: string;
  /** The creation time, in milliseconds since the Unix epoch. */
  readonly CreateTime?: number;
  /** The ID of the chatbot workspace. Often above 2^53, and returned as a JSON number. */
  readonly agentId?: bigint;
  /** Any other field of the operation. */
  readonly [field: string]: unknown;
}

/**
 * A phone number that an instance can call from, with the field names of the API operation
 * [ListOutboundCallNumbers](https://next.api.alibabacloud.com/api/OutboundBot/2019-12-26/ListOutboundCallNumbers).
 */
export interface ServiceOutboundCallNumber {
  /** The number's ID, unique in its instance; not empty. */
  readonly OutboundCallNumberId: string;
  /** The phone number. */
  readonly Number?: string;
  /** One of the two values of the number's rate limit, as decimal digits. */
  readonly RateLimitCount?: string;
  /** The other value of the rate limit, as decimal digits. */
  readonly RateLimitPeriod?: string;
}

const count = wholeNumber(0, Number.MAX_SAFE_INTEGER);
const largestLong = 2n ** 63n - 1n;
const long = checkThat(
  `a bigint from 0 to ${largestLong}`,
  (value): value is bigint => typeof value === "bigint" && value >= 0n && value <= largestLong,
);

export const instanceCheck = objectOf<ServiceInstance>(
  {
    InstanceId: filledText,
    InstanceName: anyText,
    InstanceDescription: anyText,
    ResourceGroupId: anyText,
    OwnerName: anyText,
    CreatorName: anyText,
    CreatorId: long,
    CreationTime: count,
    MaxConcurrentConversation: count,
    IsPreset: flag,
    ResourceTags: listOf(objectOf<ResourceTag>({ Key: filledText, Value: anyText }, "Key", "Value")),
  },
  "InstanceId",
);

/** JSON.parse loses digits of integers above 2^53, so long ones are put in quotes before. */
const longField = /("(?:CreatorId|agentId)"\s*:\s*)(\d+)(?=\s*[,}])/g;

/** Parses JSON, with exact IDs of 64 bits. Of a response of the service, returns the list of instances. */
export function parseItems(text: string): unknown {
  const json: unknown = JSON.parse(text.replace(longField, '$1"$2"'), (name, value: unknown) =>
    (name === "CreatorId" || name === "agentId") && typeof value === "string" && /^\d+$/.test(value)
      ? BigInt(value)
      : value,
  );
  return typeof json === "object" && json !== null && "Instances" in json ? json.Instances : json;
}

/** The JSON of the items listed so far, because writing a page takes longer than the rest of a call. */
const written = new WeakMap<object, string>();

/** Returns the JSON of an item. JSON.stringify doesn't support 64-bit integers, so those fields are added separately. */
export function toJson(item: { readonly CreatorId?: bigint; readonly agentId?: bigint }): string {
  const { CreatorId, agentId, ...others } = item;
  const longs = Object.entries({ CreatorId, agentId }).filter(([, value]) => value !== undefined);
  const text =
    written.get(item) ??
    `${[JSON.stringify(others).slice(0, -1), ...longs.map(([name, value]) => `"${name}":${value}`)].join(",")}}`;
  written.set(item, text);
  return text;
}
