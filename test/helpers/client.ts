import * as pulumi from "@pulumi/pulumi";
import type { Emulator } from "../../src/emulator/index.js";
import { type ConnectionSettings, resolveSettings } from "../../src/settings/settings.js";

/** Returns the configuration with which a program finds an emulator and signs in. */
export function configOf(emulator: Emulator): Record<string, string> {
  return {
    "outboundbot:endpoint": emulator.endpoint,
    "outboundbot:accessKey": emulator.accessKeyId,
    "outboundbot:secretKey": emulator.accessKeySecret,
    ...(emulator.securityToken === undefined ? {} : { "outboundbot:securityToken": emulator.securityToken }),
  };
}

/** Configures this process to use the emulator, as `pulumi config` would. */
export function use(emulator: Emulator): Emulator {
  pulumi.runtime.setAllConfig(configOf(emulator));
  return emulator;
}

/** Returns settings with the limits of a test. */
export function settingsOf(
  emulator: Emulator,
  limits: Partial<ConnectionSettings["limits"]> = {},
): ConnectionSettings {
  const config = configOf(emulator);
  const settings = resolveSettings({}, { config: (key) => config[key], environment: {} });
  return {
    ...settings,
    limits: {
      maxConcurrency: 8,
      maxRate: undefined,
      maxAttempts: 1,
      callTimeout: 5_000,
      lookupTimeout: 20_000,
      maxItems: 1_000_000,
      ...limits,
    },
  };
}
