import { nearestName } from "../common/nearestName.js";
import { type Endpoint, resolveEndpoint } from "./endpoint.js";
import {
  type ConnectionArgs,
  invalid,
  type Setting,
  SettingsReader,
  type SettingsSources,
} from "./reading.js";
import { settingKeys } from "./settingKeys.js";
import { resolveSignIn } from "./signInMethods.js";
import { resolveSignInEnvironment, type SignInEnvironment, type SignInSettings } from "./signInSettings.js";

/** The limits of a lookup and its calls, as the settings of the same names describe them. */
export interface Limits {
  readonly maxConcurrency: number;
  /** `undefined` for no limit. */
  readonly maxRate: number | undefined;
  readonly maxAttempts: number;
  readonly callTimeout: number;
  readonly lookupTimeout: number;
  readonly maxItems: number;
}

/** The proxy and the trusted certificates. */
export interface TransportSettings {
  /** The proxy for `https` URLs, and the hosts that are reached without it, in the format of NO_PROXY. */
  readonly proxy: { readonly url: string; readonly noProxy: string } | undefined;
  /** A PEM file of certificates that are trusted in addition to those built into Node.js. */
  readonly caFile: Setting | undefined;
  /** The file of NODE_EXTRA_CA_CERTS, which Node ignores once `caFile` is given. */
  readonly extraCaFile: string | undefined;
}

/** The endpoint, credentials, network and limits of a connection. */
export interface ConnectionSettings {
  readonly endpoint: Endpoint;
  readonly credentials: SignInSettings;
  readonly signIn: SignInEnvironment;
  readonly transport: TransportSettings;
  readonly limits: Limits;
}

/**
 * Resolves the settings of one lookup. Each setting comes from the first of these sources that has it: the argument,
 * `outboundbot:` configuration, `alicloud:` configuration, the environment, the default.
 *
 * @throws SettingsError when a setting is invalid or half of an access key is missing.
 */
export function resolveSettings(where: ConnectionArgs, sources: SettingsSources): ConnectionSettings {
  const reader = new SettingsReader(sources);
  return {
    endpoint: resolveEndpoint(where, reader),
    credentials: resolveSignIn(where, reader),
    signIn: resolveSignInEnvironment(reader),
    transport: {
      proxy: resolveProxy(reader),
      caFile: reader.first("caFile"),
      extraCaFile: reader.variable("NODE_EXTRA_CA_CERTS")?.value,
    },
    limits: {
      maxConcurrency: reader.number("maxConcurrency") ?? settingKeys.maxConcurrency.default,
      maxRate: reader.number("maxRate"),
      maxAttempts: reader.number("maxAttempts") ?? settingKeys.maxAttempts.default,
      callTimeout: reader.number("callTimeout") ?? settingKeys.callTimeout.default,
      lookupTimeout: reader.number("lookupTimeout") ?? settingKeys.lookupTimeout.default,
      maxItems: reader.number("maxItems") ?? settingKeys.maxItems.default,
    },
  };
}

/** Resolves the proxy. Its lowercase variable takes precedence over the uppercase one. */
function resolveProxy(reader: SettingsReader): TransportSettings["proxy"] {
  const proxy = reader.variable("https_proxy", "HTTPS_PROXY") ?? reader.variable("http_proxy", "HTTP_PROXY");
  const noProxy = reader.variable("no_proxy", "NO_PROXY")?.value ?? "";
  return proxy && { url: proxyUrl(proxy), noProxy };
}

/** Parses a proxy, which may be given as `host:port`. Its value may hold a password, so no error shows it. */
function proxyUrl(setting: Setting): string {
  const { value } = setting;
  const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `http://${value}`;
  // A URL would end at such a character, for example at the backslash of a Windows domain (CORP\user).
  const text = whole.replace(/(?<=:\/\/).*(?=@)/, (user) => user.replaceAll(/[\\/?#]/g, encodeURIComponent));
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== "http:" && url.protocol !== "https:")) {
    throw invalid(setting, "a proxy URL such as http://host:port or https://host:port");
  }
  return url.href;
}

const prefix = "outboundbot:";

/**
 * Returns warnings for configuration keys that look like misspelled settings. Other keys are ignored, because a project may
 * itself be named outboundbot and use the same prefix.
 */
export function unknownKeyWarnings(sources: SettingsSources): string[] {
  const stack = sources.stack?.();
  const of = stack === undefined ? "" : ` of stack ${stack}`;
  return (sources.configKeys?.() ?? [])
    .filter((key) => key.startsWith(prefix))
    .map((key) => key.slice(prefix.length))
    .filter((name) => !Object.hasOwn(settingKeys, name))
    .flatMap((name) => {
      const meant = nearestName(name, Object.keys(settingKeys), Math.min(2, Math.floor(name.length / 4)));
      return meant === undefined
        ? []
        : [`Unknown configuration ${prefix}${name}${of}: it has no effect. Did you mean ${prefix}${meant}?`];
    });
}
