import { isLosslessNumber } from "lossless-json";
import type { ResourceTag, ServiceInstance } from "./instance.js";
import { EmulatorOptionError, show } from "./optionError.js";

const largestLong = 2n ** 63n - 1n;

type Draft = { -readonly [Field in keyof ServiceInstance]: ServiceInstance[Field] };
type Reader = (into: Draft, value: unknown, path: string) => void;

/** Every field there is, and how it is read. */
const readers: ReadonlyMap<string, Reader> = new Map<keyof ServiceInstance, Reader>([
  ["InstanceId", (into, value, path) => (into.InstanceId = filledText(value, path))],
  ["InstanceName", (into, value, path) => (into.InstanceName = text(value, path))],
  ["InstanceDescription", (into, value, path) => (into.InstanceDescription = text(value, path))],
  ["ResourceGroupId", (into, value, path) => (into.ResourceGroupId = text(value, path))],
  ["OwnerName", (into, value, path) => (into.OwnerName = text(value, path))],
  ["CreatorName", (into, value, path) => (into.CreatorName = text(value, path))],
  ["CreatorId", (into, value, path) => (into.CreatorId = long(value, path))],
  ["CreationTime", (into, value, path) => (into.CreationTime = count(value, path))],
  ["MaxConcurrentConversation", (into, value, path) => (into.MaxConcurrentConversation = count(value, path))],
  ["IsPreset", (into, value, path) => (into.IsPreset = flag(value, path))],
  ["ResourceTags", (into, value, path) => (into.ResourceTags = tags(value, path))],
]);

/** Checks one instance, from a data file or from a program; `path` says in an error where it stood. */
export function toInstance(value: unknown, path: string): ServiceInstance {
  const instance: Draft = { InstanceId: "" };
  for (const [name, field] of Object.entries(record(value, path))) {
    const read = readers.get(name);
    if (read === undefined) {
      const known = [...readers.keys()].join(", ");
      throw new EmulatorOptionError(`${path}: unknown field ${show(name)}; an instance has ${known}.`);
    }
    if (field !== undefined) {
      read(instance, field, `${path}.${name}`);
    }
  }
  if (instance.InstanceId === "") {
    fail(`${path}.InstanceId`, "a text that is not empty", undefined);
  }
  return Object.freeze(instance);
}

/** Checks a list of instances; their ids must differ. */
export function toInstances(values: readonly unknown[], path: string): ServiceInstance[] {
  const places = new Map<string, number>();
  return values.map((value, index) => {
    const instance = toInstance(value, `${path}[${index}]`);
    const first = places.get(instance.InstanceId);
    if (first !== undefined) {
      throw new EmulatorOptionError(
        `${path}[${index}].InstanceId: ${show(instance.InstanceId)} is the id of ${path}[${first}] already.`,
      );
    }
    places.set(instance.InstanceId, index);
    return instance;
  });
}

function tags(value: unknown, path: string): readonly ResourceTag[] {
  if (!Array.isArray(value)) {
    return fail(path, "a list of {Key, Value}", value);
  }
  return value.map((tag: unknown, index) => {
    const place = `${path}[${index}]`;
    const { Key, Value, ...unknown } = record(tag, place);
    const [extra] = Object.keys(unknown);
    if (extra !== undefined) {
      throw new EmulatorOptionError(`${place}: unknown field ${show(extra)}; a tag has Key, Value.`);
    }
    return Object.freeze({ Key: filledText(Key, `${place}.Key`), Value: text(Value, `${place}.Value`) });
  });
}

function record(value: unknown, path: string): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value) && !isLosslessNumber(value)) {
    return { ...value };
  }
  return fail(path, "an object", value);
}

function text(value: unknown, path: string): string {
  return typeof value === "string" ? value : fail(path, "a text", value);
}

function filledText(value: unknown, path: string): string {
  return text(value, path) || fail(path, "a text that is not empty", value);
}

function flag(value: unknown, path: string): boolean {
  return typeof value === "boolean" ? value : fail(path, "true or false", value);
}

function long(value: unknown, path: string): bigint {
  const wanted = `a whole number from 0 to ${largestLong}`;
  const digits = isLosslessNumber(value) ? value.value : value;
  if (typeof digits === "number" && digits > Number.MAX_SAFE_INTEGER) {
    return fail(path, `${wanted}, as a bigint where it passes 2^53`, value);
  }
  const isNumber = typeof digits === "bigint" || typeof digits === "number" || isLosslessNumber(value);
  if (!isNumber || !/^\d{1,19}$/.test(String(digits))) {
    return fail(path, wanted, value);
  }
  const number = BigInt(String(digits));
  return number <= largestLong ? number : fail(path, wanted, value);
}

function count(value: unknown, path: string): number {
  const number = isLosslessNumber(value) ? Number(value.value) : value;
  if (typeof number === "number" && Number.isSafeInteger(number) && number >= 0) {
    return number;
  }
  return fail(path, `a whole number from 0 to ${Number.MAX_SAFE_INTEGER}`, value);
}

function fail(path: string, wanted: string, value: unknown): never {
  const got =
    value === undefined ? "it is missing" : `it was ${isLosslessNumber(value) ? value.value : show(value)}`;
  throw new EmulatorOptionError(`${path}: must be ${wanted}; ${got}.`);
}
