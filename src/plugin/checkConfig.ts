import { nameAdvice } from "../common/nearestName.js";
import { containsUnknown } from "../common/reserved.js";
import { SettingsError } from "../errors/errors.js";
import { type SettingKey, settingKeys } from "../settings/settingKeys.js";
import { resolveSettings } from "../settings/settings.js";
import type { Checked } from "./pluginResource.js";
import { type SettingTexts, settingsSources, toStrings } from "./providerSettings.js";
import type { Decoded } from "./wireReader.js";

const keys: Readonly<Record<string, SettingKey>> = settingKeys;

/** The property names that every provider has, whatever its schema. */
const engineNames = /^(version|pluginDownloadURL|pluginChecksums|__.*)$/;

/**
 * Checks each known setting, and marks the secret ones. Adds no defaults, so that the environment isn't stored in the state.
 *
 * @param stack the stack's `outboundbot:` configuration, if this is the default provider. It receives all of it, including the
 *   configuration of a project named outboundbot.
 */
export function checkConfig({ values, secrets }: Decoded, stack: SettingTexts): Checked {
  const secretSettings = Object.keys(values).filter(
    (name) => Object.hasOwn(keys, name) && keys[name]?.secret,
  );
  return {
    inputs: { values, secrets: new Set([...secrets, ...secretSettings]) },
    failures: Object.entries(values).flatMap(([name, value]) => checkSetting(name, value, stack)),
  };
}

/** Returns the names of the settings that differ. */
export function changedSettings(olds: Decoded["values"], news: Decoded["values"]): string[] {
  return [...new Set([...Object.keys(olds), ...Object.keys(news)])]
    .filter((name) => JSON.stringify(olds[name]) !== JSON.stringify(news[name]))
    .sort();
}

function checkSetting(name: string, value: unknown, stack: SettingTexts): string[] {
  if (engineNames.test(name) || value === null || containsUnknown(value)) {
    return [];
  }
  if (!Object.hasOwn(keys, name)) {
    const advice = nameAdvice(name, Object.keys(keys));
    return Object.hasOwn(stack, name) ? [] : [`${name} is not a setting of the provider; ${advice}`];
  }
  try {
    const own = { ...toStrings({ [name]: value }), ...otherHalf(name) };
    resolveSettings({}, settingsSources(own, {}, process.env));
  } catch (error) {
    // An error about another setting, from the environment, is reported by the lookup.
    if (SettingsError.isInstance(error) && error.setting?.split(".", 1)[0] === `outboundbot:${name}`) {
      return [error.message];
    }
  }
  return [];
}

/** Half of an access key is checked as if the other half were set, because the other half may come from another source. */
function otherHalf(name: string): Record<string, string> {
  const others: Readonly<Record<string, string>> = { accessKey: "secretKey", secretKey: "accessKey" };
  const other = others[name];
  return other === undefined ? {} : { [other]: "-" };
}
