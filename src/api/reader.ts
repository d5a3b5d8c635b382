import { isReserved } from "../common/reserved.js";
import { ShownError } from "../common/shown.js";
import { isRecord } from "../common/values.js";

/** An answer has a field of a kind that the API does not document. */
export class UnreadableField extends ShownError {}

/**
 * Reads the fields of one JSON object of an answer. `null` counts as left out, and so does a text that Pulumi would read as an
 * instruction: data must never become one.
 */
export class Reader {
  readonly #fields: Record<string, unknown>;
  readonly #parent: Reader | undefined;
  readonly #name: string;
  readonly #index: number | undefined;
  /** What was left out, or may get lost, of the whole answer as far as it was read. */
  readonly oddities: string[];
  readonly #repeated: Map<string, string>;

  /**
   * @param parent the object of the response that this one is a field of, for errors; absent for the response itself.
   * @param name the field's name.
   * @param index the object's place in the field, where that is a list.
   */
  constructor(value: unknown, parent?: Reader, name = "", index?: number) {
    this.#parent = parent;
    this.#name = name;
    this.#index = index;
    if (!isRecord(value)) {
      throw new UnreadableField(`${this.#path() || "the answer"} is not an object`);
    }
    this.#fields = value;
    this.oddities = parent === undefined ? [] : parent.oddities;
    this.#repeated = parent === undefined ? new Map() : parent.#repeated;
  }

  string(name: string): string | undefined {
    const value = this.#fields[name];
    if (typeof value === "string") {
      return isReserved(value) ? this.#leaveOut(name, value) : value;
    }
    return value === undefined || value === null ? undefined : this.#refuse(name, "a string");
  }

  /** A string that many objects of the response share. It is kept once, which saves memory in a long list. */
  repeatedString(name: string): string | undefined {
    const text = this.string(name);
    if (text === undefined) {
      return undefined;
    }
    const known = this.#repeated.get(text);
    if (known === undefined) {
      this.#repeated.set(text, text);
    }
    return known ?? text;
  }

  /** Tags, a list of objects with `Key` and `Value`, as a map. A tag without a value has an empty one. */
  tags(name: string): Record<string, string> | undefined {
    const list = this.list(name);
    return list && Object.fromEntries(list.map((tag) => tag.#tag()).filter((tag) => tag !== undefined));
  }

  #tag(): [key: string, value: string] | undefined {
    for (const name of ["Key", "Value"]) {
      const text = this.#fields[name];
      if (typeof text === "string" && isReserved(text)) {
        return this.#leaveOut(name, text);
      }
    }
    const key = this.requiredString("Key");
    if (key === "__proto__") {
      this.#note("Key", `is ${key}, which Pulumi's SDK for JavaScript loses on its way to the engine`);
    }
    return [key, this.string("Value") ?? ""];
  }

  /** A text or a number as text; what is neither counts as left out. For failures, which vary. */
  text(name: string): string | undefined {
    const value = this.#fields[name];
    return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
  }

  /** What an item cannot do without, such as its id: a text that Pulumi would read as an instruction is refused here. */
  requiredString(name: string): string {
    const value = this.#fields[name];
    if (typeof value === "string" && isReserved(value)) {
      throw new UnreadableField(`${this.#at(name)} is ${value}, which Pulumi reads as an instruction`);
    }
    return this.string(name) || this.#refuse(name, "a string that is not empty");
  }

  /** A whole number, which some gateways write in quotes. */
  integer(name: string): number | undefined {
    const field = this.#fields[name];
    if (typeof field === "number" && Number.isSafeInteger(field)) {
      return field;
    }
    const digits = this.longInteger(name);
    if (digits === undefined) {
      return undefined;
    }
    const value = Number(digits);
    return Number.isSafeInteger(value) ? value : this.#refuse(name, "a whole number up to 2^53");
  }

  /** A whole number of any size, as its decimal digits. */
  longInteger(name: string): string | undefined {
    const value = this.#fields[name];
    if (value === undefined || value === null) {
      return undefined;
    }
    if (typeof value === "number" && Number.isSafeInteger(value)) {
      return String(value);
    }
    return typeof value === "string" && /^-?\d+$/.test(value) ? value : this.#refuse(name, "a whole number");
  }

  /** A truth value, which some gateways write in quotes. */
  boolean(name: string): boolean | undefined {
    const value = this.#fields[name];
    if (value === undefined || value === null || typeof value === "boolean") {
      return value ?? undefined;
    }
    if (value === "true" || value === "false") {
      return value === "true";
    }
    return this.#refuse(name, "true or false");
  }

  object(name: string): Reader {
    return new Reader(this.#fields[name], this, name);
  }

  optionalObject(name: string): Reader | undefined {
    const value = this.#fields[name];
    return value === undefined || value === null ? undefined : this.object(name);
  }

  list(name: string): Reader[] | undefined {
    const value = this.#fields[name];
    if (value === undefined || value === null) {
      return undefined;
    }
    if (!Array.isArray(value)) {
      return this.#refuse(name, "a list");
    }
    return value.map((element: unknown, index) => new Reader(element, this, name, index));
  }

  #leaveOut(name: string, value: string): undefined {
    this.#note(name, `is ${value}, which Pulumi reads as an instruction; it was left out`);
  }

  #note(name: string, what: string): void {
    this.oddities.push(`${this.#at(name)} ${what}`);
  }

  #refuse(name: string, expected: string): never {
    throw new UnreadableField(`${this.#at(name)} is not ${expected}`);
  }

  #path(): string {
    if (this.#parent === undefined) {
      return "";
    }
    const path = this.#parent.#at(this.#name);
    return this.#index === undefined ? path : `${path}[${this.#index}]`;
  }

  #at(name: string): string {
    const path = this.#path();
    return path === "" ? name : `${path}.${name}`;
  }
}
