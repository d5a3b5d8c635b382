import { unknownValue } from "../common/reserved.js";
import { isRecord } from "../common/values.js";

/** Returns whether a value, or a part of it, is unknown. */
export function containsUnknown(value: unknown): boolean {
  if (Array.isArray(value)) {
    return value.some(containsUnknown);
  }
  return isRecord(value) ? Object.values(value).some(containsUnknown) : value === unknownValue;
}
