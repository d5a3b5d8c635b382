import { generateInstance, mostGenerated } from "./generator.js";
import type { InstanceFilter, InstanceList, TagFilter } from "./instanceList.js";
import { type ServiceInstance, toWire } from "./instances.js";
import type { Listing } from "./listPage.js";
import { parameter, type ServiceRequest } from "./request.js";
import type { ServiceError } from "./serviceError.js";
import { invalidParameter } from "./serviceError.js";

/** Returns the listing of a ListInstances call. An invalid parameter fails with the service's `InvalidParameter.…`. */
export function instanceListing(list: InstanceList, request: ServiceRequest): Listing {
  const filter: InstanceFilter = {
    tags: readTags(request),
    name: parameter(request, "Name") || undefined,
    resourceGroupId: parameter(request, "ResourceGroupId") || undefined,
  };
  return {
    tags: filter.tags,
    size: () => list.select(filter).length,
    page: (start, end) => list.select(filter).slice(start, end).map(toWire),
    insert: (place) => list.add(newcomer(list, filter), place === "first" ? 0 : list.all.length),
    removeFirst: () => {
      const [first] = list.select(filter);
      if (first !== undefined) {
        list.remove(first.InstanceId);
      }
    },
    envelope: (counts, items) => `${counts},"Instances":[${items}]`,
  };
}

/** Returns a new instance that matches the filter. */
function newcomer(list: InstanceList, { tags, name, resourceGroupId }: InstanceFilter): ServiceInstance {
  let instance: ServiceInstance;
  do {
    instance = generateInstance(mostGenerated + list.newcomers++);
  } while (list.has(instance.InstanceId));
  const requested = tags.map(({ key, value = "" }) => ({ Key: key, Value: value }));
  const others = (instance.ResourceTags ?? []).filter(({ Key }) => !requested.some((tag) => tag.Key === Key));
  return {
    ...instance,
    ...(name === undefined ? {} : { InstanceName: name }),
    ...(resourceGroupId === undefined ? {} : { ResourceGroupId: resourceGroupId }),
    ResourceTags: [...others, ...requested],
  };
}

const numberedTag = /^Tag\.([1-9]\d{0,3})\.(Key|Value)$/;

/**
 * Reads the tags of a call in both formats: `Tag.1.Key=…&Tag.1.Value=…`, which every vendor client sends, and
 * `Tag=[{"Key":…,"Value":…}]`, as in the sample of the service's documentation. A missing or empty value matches any value.
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
