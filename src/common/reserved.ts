import { isRecord } from "./values.js";

/** The key that marks an object as a special value for the engine and Pulumi's SDKs. */
export const signatureKey = "4dabf18193072939515e22adb298388d";
export const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

/**
 * The text that stands for an unknown value. It is a constant of Pulumi's protocol, repeated here because importing the SDK for
 * it takes longer than starting a plugin.
 */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** The engine's placeholders for unknown values, one for each type. */
export const unknownValues: ReadonlySet<string> = new Set([
  unknownValue,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** Every text that the engine and Pulumi's SDKs interpret, as a value or as a key. */
const reserved: ReadonlySet<string> = new Set([
  ...unknownValues,
  signatureKey,
  secretSignature,
  // The signatures of an asset, an archive, a resource reference and an output value.
  "c44067f5952c0a294b673a41bacd8c17",
  "0def7320c3a5731c473e5ecbe6d01bc7",
  "5cf8f73096256a8f31e491e813e4eb8e",
  "d0e6a833031e9bbcd3f4e8bde6ca49a4",
]);

/** Returns whether Pulumi would interpret a text, as a value or a key in a program, a state or a result. */
export function isReserved(text: string): boolean {
  // Checks the length first, because looking up every text of a page would be slower.
  return (text.length === 32 || text.length === 36) && reserved.has(text);
}

/** Returns whether a value, or a part of it, is unknown. */
export function containsUnknown(value: unknown): boolean {
  if (Array.isArray(value)) {
    return value.some(containsUnknown);
  }
  return isRecord(value) ? Object.values(value).some(containsUnknown) : value === unknownValue;
}
