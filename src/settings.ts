import type { ConnectionSettings } from "./api/connection.js";
import type { WhereArgs } from "./listing/arguments.js";
import { resolveEndpoint, resolvePlaces } from "./settings/addresses.js";
import { resolveCredentials } from "./settings/credentials.js";
import { SettingsReader, wholeNumber } from "./settings/reading.js";
import type { SettingsSources } from "./settings/sources.js";
import { resolveTransport } from "./settings/transport.js";

export type { SettingsSources } from "./settings/sources.js";
export { unknownKeyWarnings } from "./settings/unknownKeys.js";

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
