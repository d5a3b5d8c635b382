import { Struct, type Value } from "google-protobuf/google/protobuf/struct_pb.js";
import { unknownValue } from "../resource/unknown.js";

/** Marks an object as more than an object. */
const signature = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

/** The engine has one such text for each type of value that is not known yet. */
const unknownValues: readonly string[] = [
  unknownValue,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
];

/** Properties as plain values. */
export interface Decoded {
  readonly values: Record<string, unknown>;
  /** The names of those that are secret, or hold a secret. */
  readonly secrets: ReadonlySet<string>;
}

/** Reads properties off the wire. A request that left them out has none. */
export function decode(struct: Struct | undefined): Decoded {
  const secrets = new Set<string>();
  const entries: [string, unknown][] = [];
  struct?.getFieldsMap().forEach((field, name) => {
    entries.push([name, decodeValue(field, () => secrets.add(name))]);
  });
  return { values: Object.fromEntries(entries), secrets };
}

function decodeValue(value: Value, onSecret: () => void): unknown {
  if (value.hasStructValue()) {
    const entries: [string, unknown][] = [];
    value
      .getStructValue()
      ?.getFieldsMap()
      .forEach((field, name) => {
        entries.push([name, decodeValue(field, onSecret)]);
      });
    const decoded = Object.fromEntries(entries);
    if (decoded[signature] === secretSignature) {
      onSecret();
      return decoded.value;
    }
    return decoded;
  }
  if (value.hasListValue()) {
    const elements = value.getListValue()?.getValuesList() ?? [];
    return elements.map((element) => decodeValue(element, onSecret));
  }
  const plain: unknown = value.toJavaScript();
  return typeof plain === "string" && unknownValues.includes(plain) ? unknownValue : plain;
}

/** Properties for the wire, those named in `secrets` as secrets. What is `undefined` is left out. */
export function encode(values: Readonly<Record<string, unknown>>, secrets: Iterable<string> = []): Struct {
  const secret = new Set(secrets);
  const entries = Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => [name, secret.has(name) ? secretOf(value) : value] as const);
  return Struct.fromJavaScript(withoutUndefined(Object.fromEntries(entries)));
}

function secretOf(value: unknown): Record<string, unknown> {
  return { [signature]: secretSignature, value };
}

/** JSON.stringify leaves out what is undefined, and Struct knows nothing that JSON does not. */
function withoutUndefined(value: object): Parameters<typeof Struct.fromJavaScript>[0] {
  return JSON.parse(JSON.stringify(value));
}
