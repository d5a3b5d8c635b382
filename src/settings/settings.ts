import type { WhereArgs } from "../lookup/arguments.js";
import type { ConnectionSettings } from "../lookup/connection.js";
import { resolveEndpoint, resolvePlaces } from "./addresses.js";
import { resolveCredentials } from "./credentials.js";
import { SettingsReader, wholeNumber } from "./reading.js";
import type { SettingsSources } from "./sources.js";
import { resolveTransport } from "./transport.js";

export type { SettingsSources } from "./sources.js";
export { unknownKeyWarnings } from "./unknownKeys.js";

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
    places: resolvePlaces(reader),
    transport: resolveTransport(reader),
    limits: {
      maxConcurrency: wholeNumber(reader, "maxConcurrency", 64),
      maxAttempts: wholeNumber(reader, "maxAttempts", 10),
      callTimeout: wholeNumber(reader, "callTimeout", 10_000),
      lookupTimeout: wholeNumber(reader, "lookupTimeout", 300_000),
    },
  };
}
