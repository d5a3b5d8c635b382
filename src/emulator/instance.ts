/** One tag of an instance, as the service writes it. */
export interface ResourceTag {
  /** The tag's key, such as `env`. */
  readonly Key: string;
  /** The tag's value; may be empty. */
  readonly Value: string;
}

/**
 * One OutboundBot instance, in the field names of the wire. A field that is absent here
 * is absent from the service's answer too.
 */
export interface ServiceInstance {
  /** The instance's id, unique in the list. */
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
  /** The id of that user: a 64-bit integer, often past 2^53, written as bare digits on the wire. */
  readonly CreatorId?: bigint;
  /** When it was made, in ms since the epoch. */
  readonly CreationTime?: number;
  /** How many calls it may hold at once. */
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
