import { status } from "@grpc/grpc-js";
import { secretSignature, signatureKey, unknownValue, unknownValues } from "../common/reserved.js";
import { StatusError } from "./statusError.js";

/*
 * The protobuf decoding of messages. google-protobuf loses the key `__proto__`, and loops for minutes over a message of a few
 * bytes with wrong lengths. The work here is proportional to the length of the message.
 */

/** Properties as plain values. */
export interface Decoded {
  readonly values: Record<string, unknown>;
  /** The names of the properties that are secret or contain a secret. */
  readonly secrets: ReadonlySet<string>;
}

/** The maximum nesting of properties. A deeper message would overflow the stack. */
const deepest = 100;

/** The top-level fields of a message. A field that is absent has its default value, as in protobuf. */
export class Fields {
  readonly #values = new Map<number, Buffer>();

  /** @throws StatusError when the message is invalid. */
  constructor(message: Buffer) {
    forEachField(message, 0, message.length, (field, start, end) => {
      this.#values.set(field, message.subarray(start, end));
    });
  }

  text(field: number): string {
    return this.#values.get(field)?.toString() ?? "";
  }

  /** Returns a boolean or a number. Zero also stands for a negative number. */
  count(field: number): number {
    const value = this.#values.get(field);
    const count = value === undefined ? 0 : readVarint(value, { at: 0 }, value.length);
    return count < 2 ** 63 ? count : 0;
  }

  properties(field: number): Decoded {
    return decode(this.#values.get(field) ?? Buffer.alloc(0));
  }
}

/** Decodes a Struct. Secrets become their values, and all kinds of unknown values the same one. */
export function decode(struct: Buffer): Decoded {
  const secrets = new Set<string>();
  let depth = 0;
  let foundSecret = false;
  const values = readStruct(0, struct.length, (name) => {
    if (foundSecret) {
      secrets.add(name);
      foundSecret = false;
    }
  });
  return { values, secrets };

  function readStruct(start: number, end: number, onProperty?: (name: string) => void) {
    const properties: Record<string, unknown> = {};
    forEachField(struct, start, end, (_entry, entryStart, entryEnd) => {
      let name = "";
      let value: unknown = null;
      forEachField(struct, entryStart, entryEnd, (field, fieldStart, fieldEnd) => {
        if (field === 1) {
          name = struct.toString("utf8", fieldStart, fieldEnd);
        } else {
          value = readValue(fieldStart, fieldEnd);
        }
      });
      if (name === "__proto__") {
        Object.defineProperty(properties, name, {
          value,
          configurable: true,
          enumerable: true,
          writable: true,
        });
      } else {
        properties[name] = value;
      }
      onProperty?.(name);
    });
    return properties;
  }

  /** Reads a Value: null, a number, a text, a boolean, a Struct or a ListValue, in fields 1 to 6. */
  function readValue(start: number, end: number): unknown {
    if (++depth > deepest) {
      throw invalid("the properties are nested too deeply");
    }
    let value: unknown = null;
    forEachField(struct, start, end, (field, fieldStart, fieldEnd) => {
      if (field === 2 && fieldEnd - fieldStart === 8) {
        value = struct.readDoubleLE(fieldStart);
      } else if (field === 3) {
        const text = struct.toString("utf8", fieldStart, fieldEnd);
        value = unknownValues.has(text) ? unknownValue : text;
      } else if (field === 4) {
        value = struct[fieldStart] !== 0;
      } else if (field === 5) {
        value = unwrapped(readStruct(fieldStart, fieldEnd));
      } else if (field === 6) {
        const elements: unknown[] = [];
        forEachField(struct, fieldStart, fieldEnd, (_element, elementStart, elementEnd) => {
          elements.push(readValue(elementStart, elementEnd));
        });
        value = elements;
      }
    });
    depth--;
    return value;
  }

  function unwrapped(object: Record<string, unknown>): unknown {
    if (object[signatureKey] !== secretSignature) {
      return object;
    }
    foundSecret = true;
    return object.value;
  }
}

/** Calls `visit` with the number and the value of each field of the message between `start` and `end`. */
function forEachField(
  bytes: Buffer,
  start: number,
  end: number,
  visit: (field: number, start: number, end: number) => void,
): void {
  const cursor = { at: start };
  while (cursor.at < end) {
    const key = readVarint(bytes, cursor, end);
    let valueStart = cursor.at;
    const wireType = key % 8;
    if (wireType === 0) {
      readVarint(bytes, cursor, end);
    } else if (wireType === 2) {
      const length = readVarint(bytes, cursor, end);
      valueStart = cursor.at;
      cursor.at += length;
    } else if (wireType === 1 || wireType === 5) {
      cursor.at += wireType === 1 ? 8 : 4;
    } else {
      throw invalid("a field has an unknown wire type");
    }
    if (cursor.at > end) {
      throw invalid("it is truncated");
    }
    visit(Math.floor(key / 8), valueStart, cursor.at);
  }
}

/** Reads a number of up to ten bytes, least significant first. */
function readVarint(bytes: Buffer, cursor: { at: number }, end: number): number {
  let value = 0;
  for (let digit = 0; digit < 10 && cursor.at < end; digit++) {
    const byte = bytes[cursor.at++] ?? 0;
    value += (byte & 0x7f) * 2 ** (7 * digit);
    if (byte < 0x80) {
      return value;
    }
  }
  throw invalid("a number is too long");
}

function invalid(reason: string): StatusError {
  return new StatusError(status.INVALID_ARGUMENT, `The request is not a valid message: ${reason}.`);
}
