/** One tag of an instance, as the service writes it. */
export interface ResourceTag {
  /** The tag's key, such as `env`; not empty. */
  readonly Key: string;
  /** The tag's value; may be empty. */
  readonly Value: string;
}

/**
 * One OutboundBot instance, in the field names of the API's
 * [ListInstances](https://next.api.alibabacloud.com/api/OutboundBot/2019-12-26/ListInstances). A field that is absent here is
 * absent from the service's answer too.
 */
export interface ServiceInstance {
  /** The instance's id, unique in the list; not empty. */
  readonly InstanceId: string;
  /** The name that its owner gave it. */
  readonly InstanceName?: string;
  /** What it is for, in its owner's words. */
  readonly InstanceDescription?: string;
  /** The id of its resource group, such as `rg-acfm3iugit3uw7a`. */
  readonly ResourceGroupId?: string;
  /** The account that owns it. */
  readonly OwnerName?: string;
  /** The user who made it. */
  readonly CreatorName?: string;
  /** The id of that user: a whole number from 0 to 2^63 - 1, often past 2^53, written as bare digits on the wire. */
  readonly CreatorId?: bigint;
  /** When it was made, in ms since the epoch: a whole number from 0. */
  readonly CreationTime?: number;
  /** How many calls it may hold at once: a whole number from 0. */
  readonly MaxConcurrentConversation?: number;
  /** Whether it is one of the service's own examples. */
  readonly IsPreset?: boolean;
  /** Its tags. */
  readonly ResourceTags?: readonly ResourceTag[];
}

/** The wire text of an instance. JSON.stringify knows no 64-bit integer, so that one is put in by hand. */
export function toWire(instance: ServiceInstance): string {
  const { CreatorId, ...others } = instance;
  const text = JSON.stringify(others);
  return CreatorId === undefined ? text : `${text.slice(0, -1)},"CreatorId":${CreatorId}}`;
}
