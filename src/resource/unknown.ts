import { isRecord } from "../common/values.js";

/**
 * What stands for a value that is not known yet. It is a constant of Pulumi's protocol, and stands here because that of the
 * SDK comes with the whole SDK, which takes longer to load than a plugin to start.
 */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Whether a value, or a part of it, is not known yet. */
export function containsUnknown(value: unknown): boolean {
  if (Array.isArray(value)) {
    return value.some(containsUnknown);
  }
  return isRecord(value) ? Object.values(value).some(containsUnknown) : value === unknownValue;
}
