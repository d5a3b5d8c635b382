import { isRecord } from "../common/values.js";
import { SettingsError } from "../errors/errors.js";
import type { Setting } from "./credentialSettings.js";
import { type SettingKey, type SettingName, settingKeys } from "./settingKeys.js";
import type { SettingsSources } from "./sources.js";

/** The places that hold settings, the first one first. An argument stands before all of them. */
export const places = ["outboundbot", "alicloud", "environment"] as const;
export type Place = (typeof places)[number];

/** Reads settings, checked, from one place or from the first that has them. */
export class SettingsReader {
  readonly #sources: SettingsSources;

  constructor(sources: SettingsSources) {
    this.#sources = sources;
  }

  /** A setting where it stands first. */
  first(name: SettingName): Setting | undefined {
    return this.from("outboundbot", name);
  }

  /** A setting in this place or, failing that, a later one. */
  from(place: Place, name: SettingName): Setting | undefined {
    for (const candidate of places.slice(places.indexOf(place))) {
      const setting = this.at(candidate, name);
      if (setting !== undefined) {
        return setting;
      }
    }
    return undefined;
  }

  /** A setting in one place. */
  at(place: Place, name: SettingName): Setting | undefined {
    const key: SettingKey = settingKeys[name];
    if (place === "environment") {
      return this.variable(...key.environment);
    }
    if (place === "alicloud") {
      return key.alicloud ? this.#configured(`alicloud:${name}`, key) : undefined;
    }
    return this.#configured(`outboundbot:${name}`, key);
  }

  /** The first of these environment variables that is set. Blank means not set. */
  variable(...names: readonly string[]): Setting | undefined {
    for (const name of names) {
      const value = this.#sources.environment[name]?.trim();
      if (value !== undefined && value !== "") {
        return { value, source: `environment variable ${name}` };
      }
    }
    return undefined;
  }

  /** Whether an environment variable says true. */
  isTrue(name: string): boolean {
    return this.variable(name)?.value.toLowerCase() === "true";
  }

  /** Any configuration key, unchecked. */
  config(key: string): Setting | undefined {
    const value = this.#sources.config(key)?.trim();
    return value === undefined || value === "" ? undefined : { value, source: `configuration ${key}` };
  }

  #configured(key: string, { type, takes }: SettingKey): Setting | undefined {
    const setting = this.config(key);
    // A key set with `--path` comes as the JSON of an object or a list.
    if (setting !== undefined && type !== "JSON object" && isStructured(setting.value)) {
      throw new SettingsError(
        "InvalidSetting",
        `The ${setting.source} takes ${takes}, not an object or a list.`,
      );
    }
    return setting;
  }
}

function isStructured(value: string): boolean {
  if (!/^[{[]/.test(value)) {
    return false;
  }
  try {
    const parsed: unknown = JSON.parse(value);
    return isRecord(parsed) || Array.isArray(parsed);
  } catch {
    return false;
  }
}

/** An error that names a setting and what it takes, and shows nothing of its value. */
export function invalid({ source }: Setting, takes: string): SettingsError {
  return new SettingsError("InvalidSetting", `The ${source} takes ${takes}.`);
}

/** A whole number within the setting's bounds; `fallback` when it is set nowhere. */
export function wholeNumber(reader: SettingsReader, name: SettingName, fallback: number): number {
  const setting = reader.first(name);
  if (setting === undefined) {
    return fallback;
  }
  const key: SettingKey = settingKeys[name];
  const [least, most] = key.bounds ?? [0, Number.MAX_SAFE_INTEGER];
  const value = /^\d+$/.test(setting.value) ? Number(setting.value) : Number.NaN;
  if (!(value >= least && value <= most)) {
    throw new SettingsError(
      "InvalidSetting",
      `The ${setting.source} takes ${key.takes}; it is "${setting.value.slice(0, 40)}".`,
    );
  }
  return value;
}
