import type { RequestedTag } from "./callLog.js";
import { ErrorResponse, invalidParameter } from "./errorResponse.js";
import type { Fault } from "./faults.js";
import { generateNumber, generateNumbers, generateScripts, uuid } from "./generator.js";
import { ItemList, type Selection } from "./itemList.js";
import type { ServiceInstance, ServiceOutboundCallNumber, ServiceScript } from "./items.js";
import type { Settings } from "./options.js";
import { type Action, type ListCall, parameter, required, type ServiceRequest } from "./request.js";

/** Returns the body of a response, changed by the list faults that apply to the call. */
export type PageWriter = (query: ListCall, faults: readonly Fault[], requestId: string) => string;

/** The instances of the emulated account, with their scripts and numbers. */
export class Account {
  readonly instances: ItemList<ServiceInstance, "InstanceId">;
  readonly #scripts: (instanceId: string) => ItemList<ServiceScript, "ScriptId">;
  readonly #numbers: (instanceId: string) => ItemList<ServiceOutboundCallNumber, "OutboundCallNumberId">;
  readonly #settings: Settings;

  constructor(settings: Settings) {
    const { instances, scripts, outboundCallNumbers } = settings;
    this.instances = new ItemList("InstanceId", instances);
    this.#scripts = listsOf("ScriptId", scripts, generateScripts);
    this.#numbers = listsOf("OutboundCallNumberId", outboundCallNumbers, generateNumbers);
    this.#settings = settings;
  }

  /**
   * Returns the function that writes a page of the list that a call reads.
   *
   * @param tags the tags that an instance must have.
   */
  pageWriter(action: Action, request: ServiceRequest, tags: readonly RequestedTag[]): PageWriter {
    if (action === "ListInstances") {
      const selection = instanceSelection(request, tags);
      return (query, faults, requestId) => {
        const { counts, items } = this.instances.page(selection, query, this.#settings, faults);
        return withField({ ...envelope, RequestId: requestId, ...counts }, "Instances", items);
      };
    }
    const instanceId = required(parameter(request, "InstanceId"), "InstanceId");
    if (!this.instances.has(instanceId)) {
      throw new ErrorResponse("NotExist.Instance");
    }
    return (query, faults, requestId) => {
      const { counts, items } =
        action === "ListScripts"
          ? this.#scripts(instanceId).page(scriptSelection(request), query, this.#settings, faults)
          : this.#numbers(instanceId).page(everyNumber, query, this.#settings, faults);
      const field = action === "ListScripts" ? "Scripts" : "OutboundCallNumbers";
      return withField({ ...envelope, RequestId: requestId }, field, withField(counts, "List", items));
    };
  }
}

const envelope = { HttpStatusCode: 200, Code: "OK", Message: "Success", Success: true };

/** Returns the JSON of an object with one more field, whose value is JSON. */
function withField(object: object, name: string, json: string): string {
  return `${JSON.stringify(object).slice(0, -1)},"${name}":${json}}`;
}

function instanceSelection(
  request: ServiceRequest,
  tags: readonly RequestedTag[],
): Selection<ServiceInstance> {
  const name = parameter(request, "Name");
  const group = parameter(request, "ResourceGroupId");
  return {
    filters: [name, group, tags],
    matches: ({ InstanceName, ResourceGroupId, ResourceTags = [] }) =>
      (name === undefined || InstanceName === name) &&
      (group === undefined || ResourceGroupId === group) &&
      tags.every(({ key, value }) =>
        ResourceTags.some((tag) => tag.Key === key && (value === undefined || tag.Value === value)),
      ),
    newItem: (unique) => ({
      InstanceId: uuid(unique),
      InstanceName: name ?? "New instance",
      ResourceTags: tags.map(({ key, value = "" }) => ({ Key: key, Value: value })),
      ...(group && { ResourceGroupId: group }),
    }),
  };
}

function scriptSelection(request: ServiceRequest): Selection<ServiceScript> {
  const name = parameter(request, "ScriptName");
  const engine = parameter(request, "NluEngine") ?? "";
  return {
    filters: [name, engine],
    matches: ({ NluEngine = "", ScriptName }) =>
      NluEngine === engine && (name === undefined || ScriptName === name),
    newItem: (unique) => ({ ScriptId: uuid(unique), ScriptName: name ?? "New script", NluEngine: engine }),
  };
}

const everyNumber: Selection<ServiceOutboundCallNumber> = {
  filters: [],
  matches: () => true,
  newItem: generateNumber,
};

/** Returns the function that returns the list of an instance: the given items, or generated ones if none are given. */
function listsOf<Item extends { readonly [Field in IdField]: string }, IdField extends string>(
  idField: IdField,
  given: Readonly<Record<string, readonly Item[]>> | undefined,
  generate: (instanceId: string) => readonly Item[],
): (instanceId: string) => ItemList<Item, IdField> {
  const lists = new Map(Object.entries(given ?? {}).map(([id, items]) => [id, new ItemList(idField, items)]));
  return (instanceId) => {
    const list = lists.get(instanceId) ?? new ItemList(idField, given ? [] : generate(instanceId));
    lists.set(instanceId, list);
    return list;
  };
}

const numberedTag = /^Tag\.([1-9]\d{0,3})\.(Key|Value)$/;

/** Reads the tags of a call: `Tag.1.Key=…&Tag.1.Value=…`. A missing or empty value matches any value. */
export function readTags(request: ServiceRequest): RequestedTag[] {
  const names = [...request.query.keys(), ...request.form.keys()].filter((name) => /^Tag\b/.test(name));
  const unknown = names.find((name) => !numberedTag.test(name));
  if (unknown !== undefined) {
    throw invalidParameter("Tag", `There is no parameter ${unknown}.`);
  }
  const numbers = new Set(names.map((name) => Number(name.split(".")[1])));
  return [...numbers]
    .sort((a, b) => a - b)
    .map((number) => {
      const key = parameter(request, `Tag.${number}.Key`);
      if (key === undefined) {
        throw invalidParameter("Tag", `Tag.${number}.Key must not be empty.`);
      }
      return { key, value: parameter(request, `Tag.${number}.Value`) };
    });
}
