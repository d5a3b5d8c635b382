import { isRecord } from "../common/values.js";
import type { SettingsSources } from "../settings/reading.js";

/** Settings under their names, as a stack's configuration would hold them. */
export type SettingTexts = Readonly<Record<string, string>>;

const prefix = "outboundbot:";

/**
 * Settings that say the same thing in different ways. When a provider has its own answer, the stack's other ways of saying
 * it are for the default provider: the stack's access key must not win over the profile of an explicit provider.
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

/** Settings that came as properties of a provider. Numbers and objects come as themselves or as their JSON. */
export function toTexts(properties: Readonly<Record<string, unknown>>): SettingTexts {
  return Object.fromEntries(
    Object.entries(properties)
      .filter(([, value]) => value !== undefined && value !== null)
      .map(([name, value]) => [name, typeof value === "string" ? value : JSON.stringify(value)]),
  );
}

/** The stack's `outboundbot:` configuration, secrets in plain text, as the engine hands it to a plugin that it starts. */
export function stackSettings(environment: SettingsSources["environment"]): SettingTexts {
  const text = environment.PULUMI_CONFIG;
  if (text === undefined) {
    return {};
  }
  try {
    const config: unknown = JSON.parse(text);
    return isRecord(config) ? toTexts(config) : {};
  } catch {
    return {};
  }
}

/** Where a provider's lookups read settings: its own, then the stack's, then the environment. */
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
