import type { ListFault } from "./faults.js";
import { generateInstance, mostGenerated } from "./generator.js";
import type { InstanceFilter, InstanceList, TagFilter } from "./instanceList.js";
import { type ServiceInstance, toWire } from "./instances.js";
import type { PageLimit } from "./options.js";
import { parameter, type ServiceRequest } from "./request.js";
import type { ServiceError } from "./serviceError.js";
import { invalidParameter } from "./serviceError.js";

/** What a ListInstances call asks for. */
export interface ListInstancesQuery {
  readonly filter: InstanceFilter;
  /** From 1. */
  readonly pageNumber: number;
  readonly pageSize: number;
}

/** Reads the parameters of a call; what they may not be is the service's `InvalidParameter.…`. */
export function readListInstancesQuery(request: ServiceRequest): ListInstancesQuery {
  return {
    filter: {
      tags: readTags(request),
      name: parameter(request, "Name") || undefined,
      resourceGroupId: parameter(request, "ResourceGroupId") || undefined,
    },
    pageNumber: positiveInteger(request, "PageNumber", 1),
    pageSize: positiveInteger(request, "PageSize", 10),
  };
}

/** The body of the answer, spoilt by the list faults that strike the call. */
export function listInstances(
  list: InstanceList,
  { filter, pageNumber, pageSize }: ListInstancesQuery,
  pageLimit: PageLimit | undefined,
  faults: readonly ListFault[],
  requestId: string,
): string {
  if (pageLimit?.mode === "refused" && pageSize > pageLimit.size) {
    throw invalidParameter(
      "PageSize",
      `The parameter PageSize must be at most ${pageLimit.size}; it was ${pageSize}.`,
    );
  }
  for (const fault of faults) {
    if (fault.kind === "changed") {
      change(list, filter, fault.change);
    }
  }
  const selected = list.select(filter);
  const size = Math.min(pageSize, pageLimit?.size ?? pageSize);
  const start = faults.some(({ kind }) => kind === "repeat") ? 0 : (pageNumber - 1) * size;
  const page = faults.some(({ kind }) => kind === "empty-page") ? [] : selected.slice(start, start + size);
  const wrongTotal = faults.find((fault) => fault.kind === "total-wrong");
  const head = JSON.stringify({
    HttpStatusCode: 200,
    Code: "OK",
    Message: "Success",
    RequestId: requestId,
    Success: true,
    TotalCount: faults.some(({ kind }) => kind === "total-missing")
      ? undefined
      : (wrongTotal?.total ?? selected.length),
    PageNumber: pageNumber,
    PageSize: pageLimit?.mode === "reported" ? size : pageSize,
  });
  return `${head.slice(0, -1)},"Instances":[${page.map(toWire).join(",")}]}`;
}

function change(list: InstanceList, filter: InstanceFilter, how: "inserted" | "removed" | "swapped"): void {
  const [first] = list.select(filter);
  if (how !== "inserted" && first !== undefined) {
    list.remove(first.InstanceId);
  }
  if (how !== "removed") {
    list.add(newcomer(list, filter), 0);
  }
}

/** An instance that is not in the list, and that the filter selects. */
function newcomer(list: InstanceList, { tags, name, resourceGroupId }: InstanceFilter): ServiceInstance {
  let index = mostGenerated;
  while (list.has(generateInstance(index).InstanceId)) {
    index++;
  }
  const instance = generateInstance(index);
  const asked = tags.map(({ key, value = "" }) => ({ Key: key, Value: value }));
  const others = (instance.ResourceTags ?? []).filter(({ Key }) => !asked.some((tag) => tag.Key === Key));
  return {
    ...instance,
    ...(name === undefined ? {} : { InstanceName: name }),
    ...(resourceGroupId === undefined ? {} : { ResourceGroupId: resourceGroupId }),
    ResourceTags: [...others, ...asked],
  };
}

function positiveInteger(request: ServiceRequest, name: string, otherwise: number): number {
  const text = parameter(request, name);
  if (text === undefined || text === "") {
    return otherwise;
  }
  const value = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (value >= 1) {
    return value;
  }
  throw invalidParameter(
    name,
    `The parameter ${name} must be a whole number from 1; it was ${JSON.stringify(text)}.`,
  );
}

const numberedTag = /^Tag\.([1-9]\d{0,3})\.(Key|Value)$/;

/**
 * Reads the tags of a call, in both forms: `Tag.1.Key=…&Tag.1.Value=…` as every vendor client sends them, and `Tag=[{"Key":…,"Value":…}]`
 * as the sample in the service's documentation has them. A value that is missing or empty means any value.
 */
function readTags(request: ServiceRequest): TagFilter[] {
  return [...numberedTags(request), ...jsonTags(parameter(request, "Tag"))];
}

function numberedTags(request: ServiceRequest): TagFilter[] {
  const numbers = new Set<number>();
  for (const name of [...request.query.keys(), ...request.form.keys()]) {
    const number = numberedTag.exec(name)?.[1];
    if (number !== undefined) {
      numbers.add(Number(number));
    } else if (name.startsWith("Tag.")) {
      throw invalidTag(`There is no parameter ${name}.`);
    }
  }
  return [...numbers]
    .sort((a, b) => a - b)
    .map((number) => {
      const key = parameter(request, `Tag.${number}.Key`);
      if (!key) {
        throw invalidTag(`The parameter Tag.${number}.Key must not be empty.`);
      }
      return { key, value: parameter(request, `Tag.${number}.Value`) || undefined };
    });
}

function jsonTags(text: string | undefined): TagFilter[] {
  if (!text) {
    return [];
  }
  const tags = parseJson(text);
  if (!Array.isArray(tags)) {
    throw invalidTag("The parameter Tag must be a JSON list of {Key, Value}.");
  }
  return tags.map((tag: unknown, index) => {
    const key = member(tag, "Key");
    const value = member(tag, "Value") ?? "";
    if (typeof key !== "string" || key === "" || typeof value !== "string") {
      throw invalidTag(`Item ${index} of the parameter Tag must be {"Key": "…", "Value": "…"}.`);
    }
    return { key, value: value || undefined };
  });
}

function member(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null) {
    return undefined;
  }
  return Object.entries(value).find(([key]) => key === name)?.[1];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function invalidTag(message: string): ServiceError {
  return invalidParameter("Tag", message);
}
