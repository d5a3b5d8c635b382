import { readFile } from "node:fs/promises";
import { isLosslessNumber, parse } from "lossless-json";
import { EmulatorOptionError, show } from "./optionError.js";

/** One tag of an instance, as the service writes it. */
export interface ResourceTag {
  /** The tag's key, such as `env`; not empty. */
  readonly Key: string;
  /** The tag's value; may be empty. */
  readonly Value: string;
}

/**
 * One OutboundBot instance, in the field names of the API's
 * [ListInstances](https://next.api.alibabacloud.com/api/OutboundBot/2019-12-26/ListInstances). A field that is absent here is
 * absent from the service's answer too.
 */
export interface ServiceInstance {
  /** The instance's id, unique in the list; not empty. */
  readonly InstanceId: string;
  /** The name that its owner gave it. */
  readonly InstanceName?: string;
  /** What it is for, in its owner's words. */
  readonly InstanceDescription?: string;
  /** The id of its resource group, such as `rg-acfm3iugit3uw7a`. */
  readonly ResourceGroupId?: string;
  /** The account that owns it. */
  readonly OwnerName?: string;
  /** The user who made it. */
  readonly CreatorName?: string;
  /** The id of that user: a whole number from 0 to 2^63 - 1, often past 2^53, written as bare digits on the wire. */
  readonly CreatorId?: bigint;
  /** When it was made, in ms since the epoch: a whole number from 0. */
  readonly CreationTime?: number;
  /** How many calls it may hold at once: a whole number from 0. */
  readonly MaxConcurrentConversation?: number;
  /** Whether it is one of the service's own examples. */
  readonly IsPreset?: boolean;
  /** Its tags. */
  readonly ResourceTags?: readonly ResourceTag[];
}

/** The wire text of an instance. JSON.stringify knows no 64-bit integer, so that one is put in by hand. */
export function toWire(instance: ServiceInstance): string {
  const { CreatorId, ...others } = instance;
  const text = JSON.stringify(others);
  return CreatorId === undefined ? text : `${text.slice(0, -1)},"CreatorId":${CreatorId}}`;
}

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

/** What stands around `Instances` in an answer of the service, so that a saved answer serves as data. */
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
    throw new EmulatorOptionError(`The data file ${path} cannot be read: ${error.code ?? error.message}.`);
  });
  return readInstances(text, path);
}

/** Reads instances from JSON text; `source` is what its errors call it. */
export function readInstances(text: string, source: string): ServiceInstance[] {
  const data = parseJson(text, source);
  if (Array.isArray(data)) {
    return toInstances(data, `${source}: `);
  }
  if (typeof data !== "object" || data === null || !("Instances" in data)) {
    throw new EmulatorOptionError(`${source}: must hold {"Instances": [...]} or a list of instances.`);
  }
  const { Instances, ...others } = data;
  const unknown = Object.keys(others).find((name) => !aroundInstances.has(name));
  if (unknown !== undefined) {
    throw new EmulatorOptionError(`${source}: unknown field ${show(unknown)} next to Instances.`);
  }
  if (!Array.isArray(Instances)) {
    throw new EmulatorOptionError(`${source}: Instances must be a list.`);
  }
  return toInstances(Instances, `${source}: Instances`);
}

/** JSON.parse would round a CreatorId past 2^53. */
function parseJson(text: string, source: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) {
      throw error;
    }
    throw new EmulatorOptionError(`${source}: is not JSON: ${error.message}.`);
  }
}
