import { firstOf } from "../common/values.js";
import type { Setting } from "../settings/reading.js";
import { noCredentials } from "./common.js";

/** The fields of a sign-in method: a profile of a file, or the same fields from the configuration. */
export class Profile {
  /** The source of the profile, as messages name it. */
  readonly source: string;
  readonly #fields: Readonly<Record<string, Setting | undefined>>;

  constructor(source: string, fields: Readonly<Record<string, Setting | undefined>>) {
    this.source = source;
    this.#fields = fields;
  }

  /** Returns the first of these fields that is set. Tools of the vendor have different names for some fields. */
  setting(...names: readonly string[]): Setting | undefined {
    return firstOf(names, (name) => (Object.hasOwn(this.#fields, name) ? this.#fields[name] : undefined));
  }

  text(...names: readonly string[]): string | undefined {
    return this.setting(...names)?.value;
  }

  /** Returns a number, or 0. */
  number(...names: readonly string[]): number {
    return Number(this.text(...names)) || 0;
  }

  /** @throws SettingsError `NoCredentials` that names the first field if none is set. */
  required(...names: readonly [string, ...string[]]): Setting {
    return this.setting(...names) ?? this.fail(`${names[0]} is missing.`);
  }

  /** Returns a profile in which these fields replace those of this profile. */
  with(given: object, source: string): Profile {
    return new Profile(source, { ...this.#fields, mode: undefined, ...fieldsOf(given, source) });
  }

  /** Throws the error for a profile without credentials. The problem must not include text from a file or a response. */
  fail(problem: string, advice?: string): never {
    throw noCredentials(`Sign-in with ${this.source} failed: ${problem}`, advice);
  }
}

/** Converts the fields of a parsed profile. Those that aren't texts, numbers or truth values count as missing. */
export function fieldsOf(given: object, source: string): Record<string, Setting> {
  const settings = Object.entries(given)
    .filter(([, value]) => ["string", "number", "boolean"].includes(typeof value))
    .map(([key, value]) => ({ key, value: String(value).trim(), source }))
    .filter(({ value }) => value !== "");
  return Object.fromEntries(settings.map((setting) => [setting.key, setting]));
}
