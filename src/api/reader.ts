import { RedactedError } from "../common/redact.js";
import { isReserved } from "../common/reserved.js";
import { isRecord } from "../common/values.js";

/** The error for a field whose type differs from the API's documentation. */
export class UnreadableField extends RedactedError {}

/** Returns whether a text contains a secret, in any form. */
export type ContainsSecret = (text: string) => boolean;

/** What the readers of one response share. */
class ReadResponse {
  /** Warnings about values in the response that were left out or may be lost. */
  readonly warnings: string[] = [];
  readonly repeated = new Map<string, string>();
  readonly containsSecret: ContainsSecret;

  constructor(containsSecret: ContainsSecret) {
    this.containsSecret = containsSecret;
  }
}

/**
 * Reads the fields of one JSON object in a response. `null` counts as absent. So does a text that Pulumi would interpret, because
 * data must never become an instruction.
 */
export class Reader {
  readonly #fields: Record<string, unknown>;
  readonly #parent: Reader | undefined;
  readonly #name: string;
  readonly #index: number | undefined;
  readonly #response: ReadResponse;

  /**
   * @param from the object that holds this one; for the response itself, how to find a secret of the caller in it.
   * @param name the name of the field.
   * @param index the index of the object in the field, if the field is a list.
   */
  constructor(value: unknown, from: Reader | ContainsSecret, name = "", index?: number) {
    this.#parent = from instanceof Reader ? from : undefined;
    this.#name = name;
    this.#index = index;
    if (!isRecord(value)) {
      throw new UnreadableField(`${this.#path() || "the response"} is not an object`);
    }
    this.#fields = value;
    this.#response = from instanceof Reader ? from.#response : new ReadResponse(from);
  }

  /** Warnings about values in the response that were left out or may be lost. */
  get warnings(): string[] {
    return this.#response.warnings;
  }

  string(name: string): string | undefined {
    const value = this.#text(name);
    return value === undefined || this.#omitsReserved(name, value) ? undefined : value;
  }

  /** Reads any text without a secret of the caller, because the text ends up in a result, and in a state. */
  #text(name: string): string | undefined {
    const value = this.#fields[name];
    if (typeof value !== "string") {
      return value === undefined || value === null ? undefined : this.#refuse(name, "a string");
    }
    if (this.#response.containsSecret(value)) {
      throw new UnreadableField(`${this.#at(name)} contains a secret of the caller`);
    }
    return value;
  }

  /** Reads a string that many objects of the response share. Storing it once saves memory in a long list. */
  repeatedString(name: string): string | undefined {
    const text = this.string(name);
    return text === undefined ? undefined : this.#storedOnce(text);
  }

  #storedOnce(text: string): string {
    const { repeated } = this.#response;
    const known = repeated.get(text);
    if (known === undefined) {
      repeated.set(text, text);
    }
    return known ?? text;
  }

  /** Reads a list of tags with `Key` and `Value` as a map. A tag without a value gets an empty value. */
  tags(name: string): Record<string, string> | undefined {
    const list = this.#list(name);
    if (list === undefined) {
      return undefined;
    }
    const tags: Record<string, string> = {};
    list.forEach((wire, index) => {
      const tag = new Reader(wire, this, name, index);
      if (tag.#omitsReserved("Key") || tag.#omitsReserved("Value")) {
        return;
      }
      const key = tag.requiredString("Key");
      const value = tag.repeatedString("Value") ?? "";
      if (key === "__proto__") {
        tag.#warn("Key", `is ${key}, which Pulumi's Node.js SDK drops`);
        Object.defineProperty(tags, key, { value, enumerable: true, writable: true, configurable: true });
      } else {
        tags[key] = value;
      }
    });
    return tags;
  }

  /** Reads a text, or a number as text; anything else counts as absent. For failures, whose fields vary. */
  text(name: string): string | undefined {
    const value = this.#fields[name];
    return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
  }

  /** Reads a required field, such as an item's ID. Rejects a text that Pulumi would interpret. */
  requiredString(name: string): string {
    const value = this.#text(name) || this.#refuse(name, "a non-empty string");
    if (isReserved(value)) {
      throw new UnreadableField(`${this.#at(name)} is ${value}, a value that Pulumi reserves`);
    }
    return value;
  }

  /** Reads an integer, which some gateways put in quotes. */
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

  /** Reads an integer of any size, as decimal digits. Stores them once, like `repeatedString`. */
  longInteger(name: string): string | undefined {
    const value = this.#fields[name];
    if (value === undefined || value === null) {
      return undefined;
    }
    if (typeof value === "number" && Number.isSafeInteger(value)) {
      return this.#storedOnce(String(value));
    }
    return typeof value === "string" && /^-?\d+$/.test(value)
      ? this.#storedOnce(value)
      : this.#refuse(name, "a whole number");
  }

  /** Reads a boolean, which some gateways put in quotes. */
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
    return this.#list(name)?.map((element, index) => new Reader(element, this, name, index));
  }

  #list(name: string): unknown[] | undefined {
    const value = this.#fields[name];
    if (value === undefined || value === null) {
      return undefined;
    }
    return Array.isArray(value) ? value : this.#refuse(name, "a list");
  }

  /** Returns whether a field is a text that Pulumi would interpret. Adds a warning if it is. */
  #omitsReserved(name: string, value = this.#fields[name]): boolean {
    if (typeof value !== "string" || !isReserved(value)) {
      return false;
    }
    this.#warn(name, `is ${value} (omitted)`);
    return true;
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
