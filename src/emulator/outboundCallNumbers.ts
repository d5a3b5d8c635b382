import { hash, uuid } from "./generator.js";
import type { ItemKind } from "./instanceItems.js";

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

/** Returns the numbers of an instance, always the same for the same ID. */
export function generateOutboundCallNumbers(
  instanceId: string,
  count = 1 + (hash(instanceId) % 5),
): ServiceOutboundCallNumber[] {
  return Array.from({ length: count }, (_, index) => generateNumber(`${instanceId} number ${index}`));
}

function generateNumber(seed: string): ServiceOutboundCallNumber {
  const random = hash(seed);
  return {
    OutboundCallNumberId: uuid(seed),
    Number: `0001${String(5_550_000 + (random % 10_000))}`,
    RateLimitCount: String(10 * (1 + (random % 6))),
    RateLimitPeriod: String(20 * (1 + (random % 5))),
  };
}

/** The numbers, for the action ListOutboundCallNumbers. */
export const outboundCallNumberKind: ItemKind<ServiceOutboundCallNumber> = {
  field: "OutboundCallNumbers",
  toWire: (number) => JSON.stringify(number),
  generate: generateOutboundCallNumbers,
  selects: () => true,
  insertedItem: (_request, unique) => generateNumber(unique),
};
