import { isRecord } from "../common/values.js";

/** An answer has a field of a kind that the API does not document. */
export class UnreadableField extends Error {}

/** Where an object stands in the response: a field of another object, or an element of a list there. */
interface Parent {
  readonly object: Reader;
  readonly name: string;
  readonly index?: number;
}

/** Reads the fields of one JSON object of an answer. `null` counts as left out. */
export class Reader {
  readonly #fields: Record<string, unknown>;
  readonly #parent: Parent | undefined;

  /** @param parent where the object stands in the answer, for errors; left out for the answer itself. */
  constructor(value: unknown, parent?: Parent) {
    this.#parent = parent;
    if (!isRecord(value)) {
      throw new UnreadableField(`${this.#path() || "the answer"} is not an object`);
    }
    this.#fields = value;
  }

  string(name: string): string | undefined {
    const value = this.#fields[name];
    if (value === undefined || value === null || typeof value === "string") {
      return value ?? undefined;
    }
    return this.#refuse(name, "a string");
  }

  /** A text or a number as text; what is neither counts as left out. For failures, which vary. */
  text(name: string): string | undefined {
    const value = this.#fields[name];
    return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
  }

  requiredString(name: string): string {
    const value = this.string(name);
    return value === undefined || value === "" ? this.#refuse(name, "a string that is not empty") : value;
  }

  /** A whole number, which some gateways write in quotes. */
  integer(name: string): number | undefined {
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
    return new Reader(this.#fields[name], { object: this, name });
  }

  list(name: string): Reader[] | undefined {
    const value = this.#fields[name];
    if (value === undefined || value === null) {
      return undefined;
    }
    if (!Array.isArray(value)) {
      return this.#refuse(name, "a list");
    }
    return value.map((element: unknown, index) => new Reader(element, { object: this, name, index }));
  }

  #refuse(name: string, expected: string): never {
    throw new UnreadableField(`${this.#at(name)} is not ${expected}`);
  }

  #path(): string {
    if (this.#parent === undefined) {
      return "";
    }
    const { object, name, index } = this.#parent;
    return index === undefined ? object.#at(name) : `${object.#at(name)}[${index}]`;
  }

  #at(name: string): string {
    const path = this.#path();
    return path === "" ? name : `${path}.${name}`;
  }
}
