import { nearestName } from "../common/nearestName.js";
import {
  type CredentialSettings,
  resolveCredentials,
  resolveSignInEnvironment,
  type SignInEnvironment,
} from "./credentials.js";
import { type Endpoint, resolveEndpoint } from "./endpoint.js";
import { SettingsReader, type SettingsSources, type WhereArgs } from "./reading.js";
import { isSettingName, settingKeys } from "./settingKeys.js";
import { resolveTransport, type TransportSettings } from "./transport.js";

/** The limits of a lookup and its calls. */
export interface Limits {
  /** The most calls under way at once to one endpoint as one account. */
  readonly maxConcurrency: number;
  /** The most calls a second to one endpoint as one account; `undefined` for no such limit. */
  readonly maxRate: number | undefined;
  /** How many attempts one call has before its failure is final. */
  readonly maxAttempts: number;
  /** How long one attempt may take, in milliseconds. */
  readonly callTimeout: number;
  /** How long a whole lookup may take, in milliseconds. */
  readonly lookupTimeout: number;
  /** The most items that one lookup gathers. */
  readonly maxItems: number;
}

/** Where calls go, as whom, and within which limits. */
export interface ConnectionSettings {
  readonly endpoint: Endpoint;
  readonly credentials: CredentialSettings;
  readonly signIn: SignInEnvironment;
  /** Proxies and trust. */
  readonly transport: TransportSettings;
  readonly limits: Limits;
}

/**
 * Resolves the settings of one lookup. For each of them the first match wins: the argument, `outboundbot:` configuration,
 * `alicloud:` configuration, the environment, the default.
 *
 * @throws SettingsError when a setting cannot be used or an access key is set by half.
 */
export function resolveSettings(where: WhereArgs, sources: SettingsSources): ConnectionSettings {
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
 * Warnings for configuration keys that are nearly ours. Others are ignored: a project may itself be called outboundbot, and its own
 * settings then have the same prefix.
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
        : [
            `The configuration ${prefix}${name} is not a setting of OutboundBot lookups; ${prefix}${meant} is.`,
          ];
    });
}
