import { nearestName } from "../common/nearestName.js";
import {
  type CredentialSettings,
  resolveCredentials,
  resolveSignInEnvironment,
  type SignInEnvironment,
} from "./credentials.js";
import { type Endpoint, resolveEndpoint } from "./endpoint.js";
import { type ConnectionArgs, SettingsReader, type SettingsSources } from "./reading.js";
import { isSettingName, settingKeys } from "./settingKeys.js";
import { resolveTransport, type TransportSettings } from "./transport.js";

/** The limits of a lookup and its calls. */
export interface Limits {
  /** The maximum number of calls in flight per endpoint and account. */
  readonly maxConcurrency: number;
  /** The maximum number of calls per second per endpoint and account; `undefined` for no limit. */
  readonly maxRate: number | undefined;
  /** The maximum number of attempts of one call. */
  readonly maxAttempts: number;
  /** The timeout of one attempt, in milliseconds. */
  readonly callTimeout: number;
  /** The timeout of a whole lookup, in milliseconds. */
  readonly lookupTimeout: number;
  /** The maximum number of items that one lookup collects. */
  readonly maxItems: number;
}

/** The endpoint, credentials, network and limits of a connection. */
export interface ConnectionSettings {
  readonly endpoint: Endpoint;
  readonly credentials: CredentialSettings;
  readonly signIn: SignInEnvironment;
  /** Proxies and trusted certificates. */
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
    credentials: resolveCredentials(where, reader),
    signIn: resolveSignInEnvironment(reader),
    transport: resolveTransport(reader),
    limits: {
      maxConcurrency: reader.wholeNumber("maxConcurrency"),
      maxRate: reader.number("maxRate"),
      maxAttempts: reader.wholeNumber("maxAttempts"),
      callTimeout: reader.wholeNumber("callTimeout"),
      lookupTimeout: reader.wholeNumber("lookupTimeout"),
      maxItems: reader.wholeNumber("maxItems"),
    },
  };
}

const prefix = "outboundbot:";

/**
 * Returns warnings for configuration keys that look like misspelled settings. Other keys are ignored, because a project may
 * itself be named outboundbot and use the same prefix.
 */
export function unknownKeyWarnings(sources: SettingsSources): string[] {
  return (sources.configKeys?.() ?? [])
    .filter((key) => key.startsWith(prefix))
    .map((key) => key.slice(prefix.length))
    .filter((name) => !isSettingName(name))
    .flatMap((name) => {
      const meant = nearestName(name, Object.keys(settingKeys), Math.min(2, Math.floor(name.length / 4)));
      return meant === undefined
        ? []
        : [`Unknown configuration ${prefix}${name}: it has no effect. Did you mean ${prefix}${meant}?`];
    });
}
