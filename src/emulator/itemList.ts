import { EmulatorOptionError, filledText, show } from "./checks.js";
import type { Fault, FaultKind } from "./faults.js";
import { toJson } from "./items.js";
import type { Settings } from "./options.js";
import type { ListCall } from "./request.js";

/** The items that the parameters of a call select. */
export interface Selection<Item> {
  /** The filters of the call. Calls with the same filters select the same items. */
  readonly filters: readonly unknown[];
  readonly matches: (item: Item) => boolean;
  /** Returns a new item that the call selects. The text makes its ID unique. */
  readonly newItem: (unique: string) => Item;
}

const mostSelections = 200;

/** A list of the account, in its order: the instances, or the scripts or numbers of an instance. */
export class ItemList<Item extends { readonly [Field in IdField]: string }, IdField extends string> {
  readonly items: Item[] = [];
  readonly #idField: IdField;
  readonly #ids = new Set<string>();
  /** The items that each selection selects until the list changes, so that not every page searches the whole list. */
  readonly #selected = new Map<string, readonly Item[]>();
  /** The number of items that faults have inserted. The ID of a removed item is never reused. */
  #inserted = 0;

  /** @throws EmulatorOptionError when an ID is empty or not unique. */
  constructor(idField: IdField, items: readonly Item[]) {
    this.#idField = idField;
    for (const item of items) {
      this.add(item);
    }
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  add(item: Item, index = this.items.length): void {
    const id = filledText.read(item[this.#idField], this.#idField);
    if (this.has(id)) {
      throw new EmulatorOptionError(`${this.#idField} must be unique, but ${show(id)} occurs twice.`);
    }
    this.#ids.add(id);
    this.#selected.clear();
    this.items.splice(index, 0, item);
  }

  remove(id: string): boolean {
    const index = this.items.findIndex((item) => item[this.#idField] === id);
    if (index >= 0) {
      this.#selected.clear();
      this.items.splice(index, 1);
    }
    return this.#ids.delete(id);
  }

  /** Changes the list as a fault demands. */
  #change(fault: FaultKind, { matches, newItem }: Selection<Item>): void {
    const first = this.items.find(matches);
    if ((fault === "removed" || fault === "swapped") && first !== undefined) {
      this.remove(first[this.#idField]);
    }
    if (fault === "inserted" || fault === "swapped") {
      const item = newItem(`inserted ${++this.#inserted}`);
      this.add(item, fault === "inserted" ? 0 : undefined);
    }
  }

  #select({ filters, matches }: Selection<Item>): readonly Item[] {
    const key = JSON.stringify(filters);
    const selected = this.#selected.get(key) ?? this.items.filter(matches);
    if (this.#selected.size >= mostSelections) {
      this.#selected.clear();
    }
    this.#selected.set(key, selected);
    return selected;
  }

  /** Returns the counts of a page and the JSON of its items, changed by the list faults that apply to the call. */
  page(
    selection: Selection<Item>,
    { pageNumber, pageSize }: ListCall,
    { pageLimit, pageLimitMode }: Settings,
    faults: readonly Fault[],
  ): { readonly counts: object; readonly items: string } {
    for (const { kind } of faults) {
      this.#change(kind, selection);
    }
    const has = (kind: FaultKind) => faults.some((fault) => fault.kind === kind);
    const size = Math.min(pageSize, pageLimit);
    const start = has("repeat") ? 0 : (pageNumber - 1) * size;
    const selected = this.#select(selection);
    const items = has("empty-page") ? [] : selected.slice(start, start + size);
    const wrong = faults.find((fault) => fault.kind === "total");
    const counts = {
      TotalCount: wrong === undefined ? selected.length : wrong.total,
      PageNumber: pageNumber,
      PageSize: pageLimitMode === "reported" ? size : pageSize,
    };
    return { counts, items: `[${items.map(toJson).join(",")}]` };
  }
}
