import type { InstanceList } from "./instanceList.js";
import type { Listing } from "./listPage.js";
import { EmulatorOptionError, show } from "./optionError.js";
import { parameter, type ServiceRequest } from "./request.js";
import { missingParameter, ServiceError } from "./serviceError.js";

/** A kind of item that each instance has: scripts or phone numbers. */
export interface ItemKind<Item> {
  /** The response field that holds the list. */
  readonly field: string;
  readonly toWire: (item: Item) => string;
  /** Generates the items of an instance for which none are given. */
  readonly generate: (instanceId: string) => Item[];
  /** Returns whether the parameters of a call select an item. */
  readonly selects: (item: Item, request: ServiceRequest) => boolean;
  /** Returns a new item that the call selects; the text makes its ID unique. */
  readonly insertedItem: (request: ServiceRequest, unique: string) => Item;
}

/** All items of one kind, by instance, in the order of the list. */
export class InstanceItems<Item> {
  readonly #kind: ItemKind<Item>;
  readonly #instances: InstanceList;
  readonly #given: Readonly<Record<string, readonly Item[]>> | undefined;
  readonly #items = new Map<string, Item[]>();
  #inserted = 0;

  /** @param given the items of each instance, by instance ID. Default: generated. */
  constructor(
    kind: ItemKind<Item>,
    instances: InstanceList,
    given: Readonly<Record<string, readonly Item[]>> | undefined,
  ) {
    this.#kind = kind;
    this.#instances = instances;
    this.#given = given;
  }

  /** @throws ServiceError when the call names no instance, or an instance that doesn't exist. */
  listing(request: ServiceRequest): Listing {
    const instanceId = parameter(request, "InstanceId");
    if (!instanceId) {
      throw missingParameter("InstanceId");
    }
    if (!this.#instances.has(instanceId)) {
      throw new ServiceError("NotExist.Instance", 404, "The specified Instance does not exist.");
    }
    const { field, selects, toWire, insertedItem: newcomer } = this.#kind;
    const items = this.#of(instanceId);
    const selected = () => items.filter((item) => selects(item, request));
    return {
      tags: [],
      size: () => selected().length,
      page: (start, end) => selected().slice(start, end).map(toWire),
      insert: (place) => {
        const item = newcomer(request, `${instanceId} ${++this.#inserted}`);
        items.splice(place === "first" ? 0 : items.length, 0, item);
      },
      removeFirst: () => {
        const [first] = selected();
        if (first !== undefined) {
          items.splice(items.indexOf(first), 1);
        }
      },
      envelope: (counts, list) => `"${field}":{${counts},"List":[${list}]}`,
    };
  }

  #of(instanceId: string): Item[] {
    const known = this.#items.get(instanceId);
    if (known !== undefined) {
      return known;
    }
    const items =
      this.#given === undefined ? this.#kind.generate(instanceId) : [...(this.#given[instanceId] ?? [])];
    this.#items.set(instanceId, items);
    return items;
  }
}

/** Checks given items: a list for each instance, whose items have unique IDs. */
export function checkInstanceItems<Item>(
  option: string,
  given: Readonly<Record<string, readonly Item[]>> | undefined,
  idField: keyof Item & string,
): Readonly<Record<string, readonly Item[]>> | undefined {
  for (const [instanceId, items] of Object.entries(given ?? {})) {
    const path = `${option}[${show(instanceId)}]`;
    if (!Array.isArray(items)) {
      throw new EmulatorOptionError(`${path} must be a list.`);
    }
    const ids = new Set<unknown>();
    for (const [index, item] of items.entries()) {
      const id: unknown = item?.[idField];
      if (typeof id !== "string" || id === "" || ids.has(id)) {
        throw new EmulatorOptionError(
          `${path}[${index}].${idField} must be a unique, non-empty string, got ${show(id)}.`,
        );
      }
      ids.add(id);
    }
  }
  return given;
}
