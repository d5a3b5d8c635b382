import { containsSecret, RedactedError } from "../common/redact.js";
import { isReserved } from "../common/reserved.js";
import { isRecord } from "../common/values.js";

/** The error for a field whose type differs from the API's documentation. */
export class UnreadableField extends RedactedError {}

/** What the readers of one response share. */
class ReadResponse {
  /** Warnings about values in the response that were changed, left out or may be lost. */
  readonly warnings: string[] = [];
  /** The checked texts that many objects share. */
  readonly repeated = new Map<string, string>();
}

/**
 * Reads the fields of one JSON object in a response. `null` counts as absent. So does a text that Pulumi would interpret, because
 * data must never become an instruction.
 *
 * Every text and number passes through `#text`, because it may end up in a result, and in a state.
 */
export class Reader {
  readonly #fields: Record<string, unknown>;
  readonly #parent: Reader | undefined;
  readonly #name: string;
  readonly #index: number | undefined;
  readonly #response: ReadResponse;
  #id: string | undefined;

  /**
   * @param parent the object that holds this one; absent for the response itself.
   * @param name the name of the field.
   * @param index the index of the object in the field, if the field is a list.
   */
  constructor(value: unknown, parent?: Reader, name = "", index?: number) {
    this.#parent = parent;
    this.#name = name;
    this.#index = index;
    if (!isRecord(value)) {
      throw new UnreadableField(`${this.#path() || "the response"} is not an object`);
    }
    this.#fields = value;
    this.#response = parent === undefined ? new ReadResponse() : parent.#response;
  }

  /** Warnings about values in the response that were changed, left out or may be lost. */
  get warnings(): string[] {
    return this.#response.warnings;
  }

  /** The required string of this object, which is an item's ID; `undefined` until it is read. */
  get id(): string | undefined {
    return this.#id;
  }

  /**
   * Reads any text, or an integer as text. Rejects a secret of the caller. Leaves out a text that Pulumi would interpret, and
   * replaces half a character, which no state can hold; both with a warning.
   */
  #text(name: string, expected: string): string | undefined {
    const value = this.#fields[name];
    if (value === undefined || value === null) {
      return undefined;
    }
    if (typeof value !== "string" && !Number.isSafeInteger(value)) {
      return this.#refuse(name, expected);
    }
    const text = String(value);
    const known = this.#response.repeated.get(text);
    if (known !== undefined) {
      return known;
    }
    if (containsSecret(text)) {
      throw new UnreadableField(`${this.#at(name)} contains a secret of the caller`);
    }
    if (isReserved(text)) {
      this.#warn(name, `is ${text} (omitted)`);
      return undefined;
    }
    if (text.isWellFormed()) {
      return text;
    }
    this.#warn(name, "contains half a character (replaced by U+FFFD)");
    return text.toWellFormed();
  }

  string(name: string): string | undefined {
    return typeof this.#fields[name] === "number" ? this.#refuse(name, "a string") : this.text(name);
  }

  /** Reads a text that some gateways send as a number. */
  text(name: string): string | undefined {
    return this.#text(name, "a string");
  }

  /** Reads a required field, such as an item's ID. Rejects a text that Pulumi would interpret. */
  requiredString(name: string): string {
    if (this.#isReserved(name)) {
      throw new UnreadableField(`${this.#at(name)} is ${this.#fields[name]}, a value that Pulumi reserves`);
    }
    const value = this.string(name) || this.#refuse(name, "a non-empty string");
    this.#id ??= value;
    return value;
  }

  /** Reads a string that many objects of the response share. Storing it once saves memory in a long list. */
  repeatedString(name: string): string | undefined {
    return this.#storedOnce(this.string(name));
  }

  #storedOnce(text: string | undefined): string | undefined {
    if (text !== undefined) {
      this.#response.repeated.set(text, text);
    }
    return text;
  }

  /** Reads a list of tags with `Key` and `Value` as a map. A tag without a value gets an empty value. */
  tags(name: string): Record<string, string> | undefined {
    const list = this.list(name);
    if (list === undefined) {
      return undefined;
    }
    const tags: Record<string, string> = {};
    for (const tag of list) {
      const key = tag.text("Key");
      if (key === undefined || key === "") {
        // No lookup can select by such a tag.
        if (!tag.#isReserved("Key")) {
          tag.#warn("Key", "is empty (omitted)");
        }
        continue;
      }
      const value = tag.#storedOnce(tag.text("Value")) ?? "";
      if (tag.#isReserved("Value")) {
        continue;
      }
      if (key === "__proto__") {
        tag.#warn("Key", `is ${key}, which Pulumi's Node.js SDK drops`);
        Object.defineProperty(tags, key, { value, enumerable: true, writable: true, configurable: true });
      } else {
        tags[key] = value;
      }
    }
    return tags;
  }

  /** Reads an integer, which some gateways put in quotes. An empty text counts as absent. */
  integer(name: string): number | undefined {
    const digits = this.#digits(name);
    if (digits === undefined) {
      return undefined;
    }
    const value = Number(digits);
    return Number.isSafeInteger(value) ? value : this.#refuse(name, "a whole number up to 2^53");
  }

  /** Reads an integer of any size, as decimal digits. Stores them once, like `repeatedString`. */
  longInteger(name: string): string | undefined {
    return this.#storedOnce(this.#digits(name));
  }

  #digits(name: string): string | undefined {
    const digits = this.#text(name, "a whole number") || undefined;
    return digits === undefined || /^-?\d+$/.test(digits) ? digits : this.#refuse(name, "a whole number");
  }

  /** Reads a positive integer that no result contains. Anything else counts as absent. */
  position(name: string): number | undefined {
    const field = this.#fields[name];
    const value = typeof field === "string" ? Number(field) : field;
    return typeof value === "number" && Number.isSafeInteger(value) && value > 0 ? value : undefined;
  }

  /** Reads a boolean, which some gateways put in quotes. An empty text counts as absent. */
  boolean(name: string): boolean | undefined {
    const value = this.#fields[name];
    if (value === undefined || value === null || value === "" || typeof value === "boolean") {
      return typeof value === "boolean" ? value : undefined;
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
    return Array.isArray(value)
      ? value.map((element, index) => new Reader(element, this, name, index))
      : this.#refuse(name, "a list");
  }

  /** Returns whether a field is a text that Pulumi would interpret. */
  #isReserved(name: string): boolean {
    const value = this.#fields[name];
    return typeof value === "string" && isReserved(value);
  }

  #warn(name: string, what: string): void {
    this.warnings.push(`${this.#at(name)} ${what}`);
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
