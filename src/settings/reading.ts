import { firstOf, isRecord, parsedJson } from "../common/values.js";
import { SettingsError } from "../errors/errors.js";
import { type SettingKey, type SettingName, settingKeys } from "./settingKeys.js";

/** The service, account and credentials of a lookup. */
export interface ConnectionArgs {
  /**
   * The region. Default: `outboundbot:region`, then `OUTBOUNDBOT_REGION`, then `cn-shanghai`, the only region where OutboundBot
   * is available. Any other region fails with `UnknownRegion`, unless an endpoint is set, which takes precedence over any region.
   */
  region?: string | undefined;
  /**
   * The endpoint of the service, as `host`, `host:port` or a URL without a path. It overrides the region's endpoint. Plain HTTP
   * is accepted for loopback addresses only, where it is the default. An invalid endpoint fails with `InvalidEndpoint`. Default:
   * `outboundbot:endpoint`, then `ALIBABA_CLOUD_ENDPOINT_OUTBOUNDBOT`, then `OUTBOUNDBOT_ENDPOINT`, then the region's:
   * `outboundbot.cn-shanghai.aliyuncs.com`, or `outboundbot-vpc.cn-shanghai.aliyuncs.com` if `outboundbot:network` is `vpc`.
   */
  endpoint?: string | undefined;
  /**
   * The name of a profile to sign in with, from the file of the vendor's command-line client or of its SDKs. It overrides all
   * configured credentials and roles. A profile without credentials fails with `NoCredentials`. Default: the configured
   * credentials.
   */
  profile?: string | undefined;
}

/** The sources of settings. */
export interface SettingsSources {
  /** Returns the value of a configuration key such as `outboundbot:region`; a secret as plain text. */
  readonly config: (key: string) => string | undefined;
  /** Returns every configuration key that is set; absent where keys can't be listed. */
  readonly configKeys?: (() => readonly string[]) | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Returns the name of the stack, because one process may run several; absent outside a program. */
  readonly stack?: (() => string | undefined) | undefined;
}

/** The value of a setting, and where it was set. */
export interface Setting {
  readonly value: string;
  /** The configuration key, environment variable or argument that holds the value. */
  readonly key: string;
  /** The key with its kind, such as `environment variable HTTPS_PROXY`. */
  readonly source: string;
}

/** Returns an argument of a function as a setting. */
export function argument(name: string, value: string): Setting {
  return { value, key: name, source: `argument ${name}` };
}

/** The scopes of a setting, in order of precedence. An argument precedes all of them. */
export const scopes = ["outboundbot", "alicloud", "environment"] as const;
export type SettingScope = (typeof scopes)[number];

/** Reads and checks settings, from one scope or from the first scope that has them. */
export class SettingsReader {
  readonly #sources: SettingsSources;

  constructor(sources: SettingsSources) {
    this.#sources = sources;
  }

  /** Returns a setting from the first scope that has it, at or after `from`. */
  first(name: SettingName, from: SettingScope = "outboundbot"): Setting | undefined {
    return firstOf(scopes.slice(scopes.indexOf(from)), (scope) => this.at(scope, name));
  }

  /** Returns a setting from one scope. */
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

  /** Returns the first of these environment variables that is set. A blank one counts as not set. */
  variable(...names: readonly string[]): Setting | undefined {
    return firstOf(names, (name) => {
      const value = this.#sources.environment[name]?.trim() ?? "";
      return value === "" ? undefined : { value, key: name, source: `environment variable ${name}` };
    });
  }

  /** Returns whether an environment variable `ALIBABA_CLOUD_…` is true, also in its form `ALIBABACLOUD_…`. */
  isTrue(name: string): boolean {
    const value = this.variable(name, name.replace("ALIBABA_CLOUD", "ALIBABACLOUD"))?.value.toLowerCase();
    return value === "true" || value === "1";
  }

  /** Returns a number within the setting's bounds; `undefined` when it isn't set. */
  number(name: SettingName): number | undefined {
    const { accepts, bounds, type }: SettingKey = settingKeys[name];
    const setting = this.first(name);
    if (setting === undefined || bounds === undefined) {
      return undefined;
    }
    const [least, most] = bounds;
    const form = type === "whole number" ? /^\d+$/ : /^\d+(\.\d+)?$/;
    const value = form.test(setting.value) ? Number(setting.value) : Number.NaN;
    if (!(value >= least && value <= most)) {
      // Anything that isn't a number may be a secret set under the wrong key.
      const shown = /^-?[\d.]{1,20}$/.test(setting.value) ? setting.value : "a value that is not a number";
      throw invalid(setting, `${accepts}, got ${shown}`);
    }
    return value;
  }

  #configured(key: string, { type, accepts }: SettingKey): Setting | undefined {
    const value = this.#sources.config(key)?.trim();
    if (value === undefined || value === "") {
      return undefined;
    }
    const setting = { value, key, source: `configuration ${key}` };
    // A key set with `--path` arrives as the JSON of an object or a list.
    if (type !== "JSON object" && isStructured(value)) {
      throw invalid(setting, `${accepts}, not an object or a list`);
    }
    return setting;
  }
}

function isStructured(value: string): boolean {
  const parsed = /^[{[]/.test(value) ? parsedJson(value) : undefined;
  return isRecord(parsed) || Array.isArray(parsed);
}

/** Lists the configuration keys and environment variables of a setting. */
export function sourcesOf(name: SettingName): string {
  const { alicloud, environment }: SettingKey = settingKeys[name];
  const keys = [`outboundbot:${name}`, ...(alicloud ? [`alicloud:${name}`] : []), ...environment];
  return `${keys.slice(0, -1).join(", ")} and ${keys.at(-1)}`;
}

/** Returns an error that names a setting and what it accepts, without its value. */
export function invalid({ source, key }: Setting, accepts: string): SettingsError {
  return new SettingsError("InvalidSetting", `Invalid ${source}: must be ${accepts}.`, { setting: key });
}
