import { readFile } from "node:fs/promises";
import { isLosslessNumber, parse } from "lossless-json";
import { EmulatorOptionError, show } from "./optionError.js";

/** One tag of an instance, in the format of the service. */
export interface ResourceTag {
  /** The tag's key, such as `env`; not empty. */
  readonly Key: string;
  /** The tag's value; may be empty. */
  readonly Value: string;
}

/**
 * An OutboundBot instance, with the field names of the API operation
 * [ListInstances](https://next.api.alibabacloud.com/api/OutboundBot/2019-12-26/ListInstances). A field that is absent here is
 * absent from the response too.
 */
export interface ServiceInstance {
  /** The instance's ID, unique in the list; not empty. */
  readonly InstanceId: string;
  /** The instance's name. */
  readonly InstanceName?: string;
  /** The instance's description. */
  readonly InstanceDescription?: string;
  /** The ID of the resource group, such as `rg-acfm3iugit3uw7a`. */
  readonly ResourceGroupId?: string;
  /** The name of the owner. */
  readonly OwnerName?: string;
  /** The name of the creator. */
  readonly CreatorName?: string;
  /** The account ID of the creator, an integer from 0 to 2^63 - 1. Often above 2^53, and returned as a JSON number. */
  readonly CreatorId?: bigint;
  /** The creation time in milliseconds since the Unix epoch, an integer from 0. */
  readonly CreationTime?: number;
  /** The maximum number of concurrent outbound calls, an integer from 0. */
  readonly MaxConcurrentConversation?: number;
  /** Whether the service created the instance as a preset. */
  readonly IsPreset?: boolean;
  /** The tags. */
  readonly ResourceTags?: readonly ResourceTag[];
}

/** The JSON of the instances listed so far, because writing a page takes longer than the rest of a call. */
const written = new WeakMap<ServiceInstance, string>();

/** Returns the JSON of an instance. */
export function toWire(instance: ServiceInstance): string {
  const text = written.get(instance) ?? write(instance);
  written.set(instance, text);
  return text;
}

/** JSON.stringify doesn't support 64-bit integers, so that field is added separately. */
function write({ CreatorId, ...others }: ServiceInstance): string {
  const text = JSON.stringify(others);
  return CreatorId === undefined ? text : `${text.slice(0, -1)},"CreatorId":${CreatorId}}`;
}

const largestLong = 2n ** 63n - 1n;

type Draft = { -readonly [Field in keyof ServiceInstance]: ServiceInstance[Field] };
type Reader = (into: Draft, value: unknown, path: string) => void;

/** Every field, with its reader. */
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

/** Checks one instance from a data file or a program; `path` is its location in error messages. */
export function toInstance(value: unknown, path: string): ServiceInstance {
  const instance: Draft = { InstanceId: "" };
  for (const [name, field] of Object.entries(record(value, path))) {
    const read = readers.get(name);
    if (read === undefined) {
      const known = [...readers.keys()].join(", ");
      throw new EmulatorOptionError(
        `${path} has an unknown field ${show(name)}. The fields of an instance are ${known}.`,
      );
    }
    if (field !== undefined) {
      read(instance, field, `${path}.${name}`);
    }
  }
  if (instance.InstanceId === "") {
    fail(`${path}.InstanceId`, "a non-empty string", undefined);
  }
  return Object.freeze(instance);
}

/** Checks a list of instances, whose IDs must be unique. */
export function toInstances(values: readonly unknown[], path: string): ServiceInstance[] {
  const places = new Map<string, number>();
  return values.map((value, index) => {
    const instance = toInstance(value, `${path}[${index}]`);
    const first = places.get(instance.InstanceId);
    if (first !== undefined) {
      throw new EmulatorOptionError(
        `${path}[${index}].InstanceId must be unique, but ${show(instance.InstanceId)} is also the ID of ${path}[${first}].`,
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
      throw new EmulatorOptionError(
        `${place} has an unknown field ${show(extra)}. The fields of a tag are Key and Value.`,
      );
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
  return typeof value === "string" ? value : fail(path, "a string", value);
}

function filledText(value: unknown, path: string): string {
  return text(value, path) || fail(path, "a non-empty string", value);
}

function flag(value: unknown, path: string): boolean {
  return typeof value === "boolean" ? value : fail(path, "true or false", value);
}

function long(value: unknown, path: string): bigint {
  const expected = `a whole number from 0 to ${largestLong}`;
  const digits = isLosslessNumber(value) ? value.value : value;
  if (typeof digits === "number" && digits > Number.MAX_SAFE_INTEGER) {
    return fail(path, `${expected} (a bigint above 2^53)`, value);
  }
  const isNumber = typeof digits === "bigint" || typeof digits === "number" || isLosslessNumber(value);
  if (!isNumber || !/^\d{1,19}$/.test(String(digits))) {
    return fail(path, expected, value);
  }
  const number = BigInt(String(digits));
  return number <= largestLong ? number : fail(path, expected, value);
}

function count(value: unknown, path: string): number {
  const number = isLosslessNumber(value) ? Number(value.value) : value;
  if (typeof number === "number" && Number.isSafeInteger(number) && number >= 0) {
    return number;
  }
  return fail(path, `a whole number from 0 to ${Number.MAX_SAFE_INTEGER}`, value);
}

function fail(path: string, expected: string, value: unknown): never {
  const got = value === undefined ? "nothing" : isLosslessNumber(value) ? value.value : show(value);
  throw new EmulatorOptionError(`${path} must be ${expected}, got ${got}.`);
}

/** The fields next to `Instances` in a response of the service, so that a saved response can be used as data. */
const aroundInstances = new Set([
  "HttpStatusCode",
  "Code",
  "Message",
  "RequestId",
  "Success",
  "TotalCount",
  "PageNumber",
  "PageSize",
]);

/** Reads instances from a JSON file: `{"Instances": [...]}` or the bare list. */
export async function readDataFile(path: string): Promise<ServiceInstance[]> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new EmulatorOptionError(`Reading the data file ${path} failed: ${error.code ?? error.message}.`);
  });
  return readInstances(text, path);
}

/** Reads instances from JSON text; `source` is its name in error messages. */
export function readInstances(text: string, source: string): ServiceInstance[] {
  const data = parseJson(text, source);
  if (Array.isArray(data)) {
    return toInstances(data, `${source}: `);
  }
  if (typeof data !== "object" || data === null || !("Instances" in data)) {
    throw new EmulatorOptionError(`${source} must contain {"Instances": [...]} or a list of instances.`);
  }
  const { Instances, ...others } = data;
  const unknown = Object.keys(others).find((name) => !aroundInstances.has(name));
  if (unknown !== undefined) {
    throw new EmulatorOptionError(`${source} has an unknown field ${show(unknown)} next to Instances.`);
  }
  if (!Array.isArray(Instances)) {
    throw new EmulatorOptionError(`${source}: Instances must be a list.`);
  }
  return toInstances(Instances, `${source}: Instances`);
}

/** Parses JSON with exact integers; JSON.parse would round a CreatorId above 2^53. */
function parseJson(text: string, source: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) {
      throw error;
    }
    throw new EmulatorOptionError(`${source} is not valid JSON: ${error.message}.`);
  }
}
