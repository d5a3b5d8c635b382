import { isRecord } from "../common/values.js";
import type { SettingsSources } from "../settings/reading.js";

/** Settings by name, as in a stack's configuration. */
export type SettingTexts = Readonly<Record<string, string>>;

const prefix = "outboundbot:";

/**
 * Groups of alternative settings. If a provider sets one, the stack's alternatives don't apply: the stack's access key must not
 * override the profile of an explicit provider.
 */
const alternatives: readonly { readonly own: readonly string[]; readonly hides: readonly string[] }[] = [
  {
    own: [
      "accessKey",
      "secretKey",
      "securityToken",
      "profile",
      "sharedCredentialsFile",
      "assumeRoleWithOidc",
      "ecsRoleName",
      "credentialsUri",
    ],
    hides: ["assumeRole"],
  },
  { own: ["region", "endpoint"], hides: [] },
];

/** Returns the settings in a provider's properties. Numbers and objects arrive as values or as JSON. */
export function toStrings(properties: Readonly<Record<string, unknown>>): SettingTexts {
  return Object.fromEntries(
    Object.entries(properties)
      .filter(([, value]) => value !== undefined && value !== null)
      .map(([name, value]) => [name, typeof value === "string" ? value : JSON.stringify(value)]),
  );
}

/**
 * Returns the stack's `outboundbot:` configuration, with secrets in plain text, as the engine passes it to a plugin that it
 * starts.
 */
export function stackSettings(environment: SettingsSources["environment"]): SettingTexts {
  const text = environment.PULUMI_CONFIG;
  if (text === undefined) {
    return {};
  }
  try {
    const config: unknown = JSON.parse(text);
    return isRecord(config) ? toStrings(config) : {};
  } catch {
    return {};
  }
}

/** Returns the setting sources of a provider's lookups: its own settings, then the stack's, then the environment. */
export function settingsSources(
  own: SettingTexts,
  stack: SettingTexts,
  environment: SettingsSources["environment"],
): SettingsSources {
  const hidden = new Set(
    alternatives
      .filter((group) => group.own.some((name) => name in own))
      .flatMap((group) => [...group.own, ...group.hides]),
  );
  const visible = Object.fromEntries(Object.entries(stack).filter(([name]) => !hidden.has(name)));
  const settings = new Map(
    Object.entries({ ...visible, ...own }).map(([name, value]) => [prefix + name, value]),
  );
  return {
    config: (key) => settings.get(key),
    configKeys: () => [...settings.keys()],
    environment,
  };
}
