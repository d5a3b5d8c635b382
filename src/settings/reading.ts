import { isRecord } from "../common/values.js";
import { SettingsError } from "../errors/errors.js";
import {
  type NumberName,
  type SettingKey,
  type SettingName,
  settingKeys,
  type WholeNumberName,
} from "./settingKeys.js";

/** Where to look, and as whom. */
export interface WhereArgs {
  /**
   * The region of the service. Default: `outboundbot:region`, else `OUTBOUNDBOT_REGION`, else `cn-shanghai`, the only
   * region that OutboundBot serves. Another one is refused (`UnknownRegion`), unless an endpoint is given or configured, which goes
   * before any region.
   */
  region?: string | undefined;
  /**
   * The service's address as `host`, `host:port` or a URL without a path, in place of the region's own. Plain HTTP is accepted
   * for loopback addresses only, and is their default; anything else is refused (`InvalidEndpoint`). Default:
   * `outboundbot:endpoint`, else `ALIBABA_CLOUD_ENDPOINT_OUTBOUNDBOT`, else `OUTBOUNDBOT_ENDPOINT`, else the region's:
   * `outboundbot.cn-shanghai.aliyuncs.com`, or `outboundbot-vpc.cn-shanghai.aliyuncs.com` with `outboundbot:network` `vpc`.
   */
  endpoint?: string | undefined;
  /**
   * The name of a profile of the vendor's command-line client, or of its SDKs' file, to sign in with, in place of every configured
   * credential and role. One that leads to no credentials is an error (`NoCredentials`). Default: what is configured.
   */
  profile?: string | undefined;
}

/** Where settings are read from. */
export interface SettingsSources {
  /** The value of a configuration key such as `outboundbot:region`; a secret in plain text. */
  readonly config: (key: string) => string | undefined;
  /** Every configuration key that is set; absent where they cannot be listed. */
  readonly configKeys?: (() => readonly string[]) | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** A setting's value, and where it was set. */
export interface Setting {
  readonly value: string;
  /** The configuration key, the environment variable or the argument that holds it. */
  readonly key: string;
  /** The same with its kind, such as `environment variable HTTPS_PROXY`. */
  readonly source: string;
}

/** An argument of a function, as a setting. */
export function argument(name: string, value: string): Setting {
  return { value, key: name, source: `argument ${name}` };
}

/** Where a setting may stand, in order of precedence. An argument precedes all of them. */
export const scopes = ["outboundbot", "alicloud", "environment"] as const;
export type SettingScope = (typeof scopes)[number];

/** Reads settings, checked, from one scope or from the first that has them. */
export class SettingsReader {
  readonly #sources: SettingsSources;

  constructor(sources: SettingsSources) {
    this.#sources = sources;
  }

  /** A setting where it stands first. */
  first(name: SettingName): Setting | undefined {
    return this.from("outboundbot", name);
  }

  /** A setting in this scope or, failing that, a later one. */
  from(scope: SettingScope, name: SettingName): Setting | undefined {
    for (const candidate of scopes.slice(scopes.indexOf(scope))) {
      const setting = this.at(candidate, name);
      if (setting !== undefined) {
        return setting;
      }
    }
    return undefined;
  }

  /** A setting in one scope. */
  at(scope: SettingScope, name: SettingName): Setting | undefined {
    const key: SettingKey = settingKeys[name];
    if (scope === "environment") {
      return this.variable(...key.environment);
    }
    if (scope === "alicloud") {
      return key.alicloud ? this.#configured(`alicloud:${name}`, key) : undefined;
    }
    return this.#configured(`outboundbot:${name}`, key);
  }

  /** The first of these environment variables that is set. Blank means not set. */
  variable(...names: readonly string[]): Setting | undefined {
    for (const name of names) {
      const value = this.#sources.environment[name]?.trim();
      if (value !== undefined && value !== "") {
        return { value, key: name, source: `environment variable ${name}` };
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
    return value === undefined || value === "" ? undefined : { value, key, source: `configuration ${key}` };
  }

  /** A whole number within the setting's bounds, or its default. */
  wholeNumber(name: WholeNumberName): number {
    return this.#bounded(name, /^\d+$/) ?? settingKeys[name].default;
  }

  /** A number within the setting's bounds; `undefined` when it is set nowhere. */
  number(name: NumberName): number | undefined {
    return this.#bounded(name, /^\d+(\.\d+)?$/);
  }

  #bounded(name: WholeNumberName | NumberName, form: RegExp): number | undefined {
    const key = settingKeys[name];
    const setting = this.first(name);
    if (setting === undefined) {
      return undefined;
    }
    const [least, most] = key.bounds;
    const value = form.test(setting.value) ? Number(setting.value) : Number.NaN;
    if (!(value >= least && value <= most)) {
      // Anything but a number may be a secret that was set under the wrong key.
      const shown = /^-?[\d.]{1,20}$/.test(setting.value) ? `"${setting.value}"` : "not a number";
      throw invalid(setting, `${key.takes}; it is ${shown}`);
    }
    return value;
  }

  #configured(key: string, { type, takes }: SettingKey): Setting | undefined {
    const setting = this.config(key);
    // A key set with `--path` comes as the JSON of an object or a list.
    if (setting !== undefined && type !== "JSON object" && isStructured(setting.value)) {
      throw invalid(setting, `${takes}, not an object or a list`);
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
export function invalid({ source, key }: Setting, takes: string): SettingsError {
  return new SettingsError("InvalidSetting", `The ${source} takes ${takes}.`, { setting: key });
}
