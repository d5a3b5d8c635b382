import type { ListFault } from "./faults.js";
import { generateInstance, mostGenerated } from "./generator.js";
import { type ServiceInstance, toWire } from "./instance.js";
import type { InstanceFilter, InstanceList } from "./instanceList.js";
import type { PageLimit } from "./options.js";
import { parameter, type ServiceRequest } from "./request.js";
import { invalidParameter } from "./serviceError.js";
import { readTags } from "./tagParameters.js";

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
    PageSize: pageLimit?.mode === "said" ? size : pageSize,
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
