import type { ServiceInstance } from "./instances.js";
import { toInstance } from "./instances.js";
import { EmulatorOptionError, show, wholeNumber } from "./optionError.js";

/** A tag that an instance must have; without a value, any value matches. */
export interface TagFilter {
  readonly key: string;
  readonly value: string | undefined;
}

/** The filters of a call. An instance must match all of them. */
export interface InstanceFilter {
  readonly tags: readonly TagFilter[];
  readonly name: string | undefined;
  readonly resourceGroupId: string | undefined;
}

/** How the emulator matches `Name`. How the service matches it isn't documented. */
export type NameMatch = "exact" | "fuzzy";

const mostCachedFilters = 200;

/** The instances of the emulated account, in the order of the list. */
export class InstanceList {
  readonly #instances: ServiceInstance[];
  readonly #ids: Set<string>;
  /** The number of instances that faults have created. The ID of a removed instance is never reused. */
  newcomers = 0;
  /** The result of each filter until the list changes, so that a page doesn't need a walk over the whole list. */
  readonly #selections = new Map<string, readonly ServiceInstance[]>();

  constructor(
    instances: Iterable<ServiceInstance>,
    readonly nameMatch: NameMatch,
  ) {
    this.#instances = [...instances];
    this.#ids = new Set(this.#instances.map(({ InstanceId }) => InstanceId));
  }

  get all(): readonly ServiceInstance[] {
    return this.#instances;
  }

  has(instanceId: string): boolean {
    return this.#ids.has(instanceId);
  }

  add(value: ServiceInstance, index = this.#instances.length): void {
    const instance = toInstance(value, "instance");
    wholeNumber("index", index, 0, this.#instances.length);
    if (this.has(instance.InstanceId)) {
      throw new EmulatorOptionError(
        `InstanceId must be unique, but the list already has ${show(instance.InstanceId)}.`,
      );
    }
    this.#instances.splice(index, 0, instance);
    this.#ids.add(instance.InstanceId);
    this.#selections.clear();
  }

  remove(instanceId: string): boolean {
    if (!this.#ids.delete(instanceId)) {
      return false;
    }
    this.#instances.splice(
      this.#instances.findIndex(({ InstanceId }) => InstanceId === instanceId),
      1,
    );
    this.#selections.clear();
    return true;
  }

  select(filter: InstanceFilter): readonly ServiceInstance[] {
    if (filter.tags.length === 0 && filter.name === undefined && filter.resourceGroupId === undefined) {
      return this.#instances;
    }
    const key = JSON.stringify(filter);
    const cached = this.#selections.get(key);
    if (cached !== undefined) {
      return cached;
    }
    const selection = this.#instances.filter((instance) => this.#matches(instance, filter));
    if (this.#selections.size >= mostCachedFilters) {
      this.#selections.clear();
    }
    this.#selections.set(key, selection);
    return selection;
  }

  #matches(instance: ServiceInstance, { tags, name, resourceGroupId }: InstanceFilter): boolean {
    return (
      (resourceGroupId === undefined || instance.ResourceGroupId === resourceGroupId) &&
      (name === undefined || this.#matchesName(instance.InstanceName ?? "", name)) &&
      tags.every(({ key, value }) =>
        instance.ResourceTags?.some((tag) => tag.Key === key && (value === undefined || tag.Value === value)),
      )
    );
  }

  #matchesName(name: string, requested: string): boolean {
    return this.nameMatch === "exact" ? name === requested : name.includes(requested);
  }
}
