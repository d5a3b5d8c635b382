import type { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import { secretSignature, signatureKey, unknownValue, unknownValues } from "../common/reserved.js";
import { decodeStruct, encodeStruct } from "./struct.js";

/** Properties as plain values. */
export interface Decoded {
  readonly values: Record<string, unknown>;
  /** The names of the properties that are secret or hold a secret. */
  readonly secrets: ReadonlySet<string>;
}

/** Decodes properties. An absent struct has none. */
export function decode(struct: Struct | undefined): Decoded {
  const secrets = new Set<string>();
  if (struct === undefined) {
    return { values: {}, secrets };
  }
  let holdsSecret = false;
  const values = decodeStruct(struct, {
    object: (object) => {
      if (object[signatureKey] !== secretSignature) {
        return object;
      }
      holdsSecret = true;
      return object.value;
    },
    text: (text) => (unknownValues.has(text) ? unknownValue : text),
    property: (name) => {
      if (holdsSecret) {
        secrets.add(name);
        holdsSecret = false;
      }
    },
  });
  return { values, secrets };
}

/** Encodes properties and marks those named in `secrets` as secret. Leaves out `undefined`. */
export function encode(values: Readonly<Record<string, unknown>>, secrets: Iterable<string> = []): Struct {
  const secret = new Set(secrets);
  if (secret.size === 0) {
    return encodeStruct(values);
  }
  return encodeStruct(
    Object.fromEntries(
      Object.entries(values).map(([name, value]) => [
        name,
        secret.has(name) && value !== undefined ? { [signatureKey]: secretSignature, value } : value,
      ]),
    ),
  );
}
