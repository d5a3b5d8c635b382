import { type BinaryWriter, Map as FieldsMap, Message } from "google-protobuf";
import { Struct, type Value } from "google-protobuf/google/protobuf/struct_pb.js";

/**
 * Encodes and decodes properties. google-protobuf creates several objects for each of the million values of 50,000 instances, and
 * its maps lose the key `__proto__`.
 */

/** A Struct in its encoded form, which `decodeStruct` reads. Serialized as is. */
export class EncodedStruct extends Struct {
  readonly bytes: Buffer;

  constructor(bytes: Buffer) {
    super();
    this.bytes = bytes;
  }

  /** The only method that serializing a message calls on a Struct. */
  override getFieldsMap(): FieldsMap<string, Value> {
    return new EncodedFields(this.bytes);
  }
}

class EncodedFields extends FieldsMap<string, Value> {
  readonly #bytes: Buffer;

  constructor(bytes: Buffer) {
    super([]);
    this.#bytes = bytes;
  }

  override getLength(): number {
    return this.#bytes.length;
  }

  override serializeBinary(_fieldNumber: number, writer: BinaryWriter): void {
    writer.writeSerializedMessage(this.#bytes, 0, this.#bytes.length);
  }
}

/** The field tags of google.protobuf's Struct, ListValue and Value. */
const tag = {
  entry: 0x0a,
  key: 0x0a,
  value: 0x12,
  element: 0x0a,
  null: 0x08,
  number: 0x11,
  string: 0x1a,
  boolean: 0x20,
  struct: 0x2a,
  list: 0x32,
} as const;

/** Writes from the end to the beginning, so that the length of each part is known when its header is written. */
class BackwardWriter {
  #buffer = Buffer.allocUnsafe(1 << 16);
  #start = this.#buffer.length;

  get bytes(): Buffer {
    return this.#buffer.subarray(this.#start);
  }

  /** Writes the fields of a struct, except those that are `undefined`. */
  fields(object: object): void {
    for (const [name, value] of Object.entries(object).reverse()) {
      if (value !== undefined) {
        const end = this.#end;
        this.#value(value, tag.value);
        this.#text(name, tag.key);
        this.#lengthSince(end, tag.entry);
      }
    }
  }

  #value(value: unknown, fieldTag: number): void {
    const end = this.#end;
    if (typeof value === "string") {
      this.#text(value, tag.string);
    } else if (typeof value === "number") {
      this.#reserve(8);
      this.#buffer.writeDoubleLE(value, this.#start);
      this.#byte(tag.number);
    } else if (typeof value === "boolean") {
      this.#byte(value ? 1 : 0);
      this.#byte(tag.boolean);
    } else if (Array.isArray(value)) {
      for (let index = value.length - 1; index >= 0; index--) {
        this.#value(value[index], tag.element);
      }
      this.#lengthSince(end, tag.list);
    } else if (typeof value === "object" && value !== null) {
      this.fields(value);
      this.#lengthSince(end, tag.struct);
    } else {
      this.#byte(0);
      this.#byte(tag.null);
    }
    this.#lengthSince(end, fieldTag);
  }

  #text(text: string, fieldTag: number): void {
    const end = this.#end;
    const length = Buffer.byteLength(text);
    this.#reserve(length);
    this.#buffer.write(text, this.#start, length);
    this.#lengthSince(end, fieldTag);
  }

  /** The distance from the end, which stays the same when the buffer grows. */
  get #end(): number {
    return this.#buffer.length - this.#start;
  }

  #lengthSince(end: number, fieldTag: number): void {
    const length = this.#end - end;
    const digits = length < 0x80 ? 1 : Math.ceil((32 - Math.clz32(length)) / 7);
    this.#reserve(digits);
    for (let digit = 0; digit < digits; digit++) {
      const more = digit < digits - 1 ? 0x80 : 0;
      this.#buffer[this.#start + digit] = ((length >>> (7 * digit)) & 0x7f) | more;
    }
    this.#byte(fieldTag);
  }

  #byte(byte: number): void {
    this.#reserve(1);
    this.#buffer[this.#start] = byte;
  }

  #reserve(length: number): void {
    if (length > this.#start) {
      const used = this.bytes;
      const grown = Buffer.allocUnsafe(2 * this.#buffer.length + length);
      this.#start = grown.length - used.length;
      used.copy(grown, this.#start);
      this.#buffer = grown;
    }
    this.#start -= length;
  }
}

/** Encodes plain values. Leaves out `undefined`, like JSON. */
export function encodeStruct(values: object): EncodedStruct {
  const writer = new BackwardWriter();
  writer.fields(values);
  return new EncodedStruct(writer.bytes);
}

/** The callbacks of decoding. */
export interface Revival {
  /** Converts each object within a property. */
  readonly object: (object: Record<string, unknown>) => unknown;
  readonly text: (text: string) => unknown;
  /** Called when a property has been read. */
  readonly property: (name: string) => void;
}

/** Reads encoded fields one by one. */
class WireReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get hasMore(): boolean {
    return this.#at < this.#bytes.length;
  }

  /** Reads the fields of the struct that ends at `end`. Calls `onField` for each one. */
  struct(end: number, revival: Revival, onField?: (name: string) => void): Record<string, unknown> {
    const fields: Record<string, unknown> = {};
    while (this.#at < end) {
      this.#expect(tag.entry);
      const entryEnd = this.end();
      let name = "";
      let value: unknown = null;
      while (this.#at < entryEnd) {
        if (this.varint() === tag.key) {
          name = this.#text();
        } else {
          value = this.#value(this.end(), revival);
        }
      }
      if (name === "__proto__") {
        Object.defineProperty(fields, name, { value, configurable: true, enumerable: true, writable: true });
      } else {
        fields[name] = value;
      }
      onField?.(name);
    }
    return fields;
  }

  #value(end: number, revival: Revival): unknown {
    let value: unknown = null;
    while (this.#at < end) {
      const field = this.varint();
      if (field === tag.string) {
        value = revival.text(this.#text());
      } else if (field === tag.number) {
        value = this.#bytes.readDoubleLE(this.skip(8));
      } else if (field === tag.boolean) {
        value = this.varint() !== 0;
      } else if (field === tag.struct) {
        value = revival.object(this.struct(this.end(), revival));
      } else if (field === tag.list) {
        value = this.#elements(this.end(), revival);
      } else {
        this.#expect(tag.null, field);
        this.varint();
      }
    }
    return value;
  }

  #elements(end: number, revival: Revival): unknown[] {
    const elements: unknown[] = [];
    while (this.#at < end) {
      this.#expect(tag.element);
      elements.push(this.#value(this.end(), revival));
    }
    return elements;
  }

  #text(): string {
    const end = this.end();
    return this.#bytes.toString("utf8", this.skip(end - this.#at), end);
  }

  #expect(field: number, found = this.varint()): void {
    if (found !== field) {
      throw new RangeError("the properties are not a Struct");
    }
  }

  /** Reads a length, and returns the end of the field. */
  end(): number {
    const length = this.varint();
    return this.#within(this.#at + length);
  }

  /** @returns the start of the skipped bytes. */
  skip(length: number): number {
    const start = this.#at;
    this.#at = this.#within(start + length);
    return start;
  }

  #within(end: number): number {
    if (end > this.#bytes.length) {
      throw new RangeError("the message is truncated");
    }
    return end;
  }

  varint(): number {
    let value = 0;
    for (let digit = 0; digit < 10; digit++) {
      const byte = this.#bytes[this.skip(1)] ?? 0;
      value += (byte & 0x7f) * 2 ** (7 * digit);
      if (byte < 0x80) {
        return value;
      }
    }
    throw new RangeError("a number is too large");
  }

  /** Skips the value of a field. @returns its start. */
  value(wireType: number): number {
    switch (wireType) {
      case 0: {
        const start = this.#at;
        this.varint();
        return start;
      }
      case 1:
        return this.skip(8);
      case 2: {
        const end = this.end();
        return this.skip(end - this.#at);
      }
      case 5:
        return this.skip(4);
      default:
        throw new RangeError("a field has an unknown wire type");
    }
  }
}

/** Decodes a Struct into plain values. */
export function decodeStruct(struct: Struct, revival: Revival): Record<string, unknown> {
  const bytes = struct instanceof EncodedStruct ? struct.bytes : Buffer.from(struct.serializeBinary());
  return new WireReader(bytes).struct(bytes.length, revival, revival.property);
}

/** Reads a message. The Struct fields with these numbers stay encoded until `decodeStruct`. */
export function readMessage<Request extends Message>(
  bytes: Buffer,
  structFields: readonly number[],
  deserialize: (bytes: Buffer) => Request,
): Request {
  const reader = new WireReader(bytes);
  const rest: Buffer[] = [];
  const structs = new Map<number, Buffer[]>();
  let start = 0;
  while (reader.hasMore) {
    const key = reader.varint();
    const valueStart = reader.value(key & 7);
    const end = reader.skip(0);
    const field = key >>> 3;
    if (structFields.includes(field)) {
      structs.set(field, [...(structs.get(field) ?? []), bytes.subarray(valueStart, end)]);
    } else {
      rest.push(bytes.subarray(start, end));
    }
    start = end;
  }
  const message = deserialize(Buffer.concat(rest));
  for (const [field, parts] of structs) {
    Message.setWrapperField(message, field, new EncodedStruct(Buffer.concat(parts)));
  }
  return message;
}
