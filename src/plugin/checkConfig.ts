import {
  type CheckFailure,
  type CheckRequest,
  CheckResponse,
  type DiffRequest,
  DiffResponse,
} from "@pulumi/pulumi/proto/provider_pb.js";
import { nameAdvice } from "../common/nearestName.js";
import { SettingsError } from "../errors/errors.js";
import { containsUnknown } from "../resource/unknown.js";
import { type SettingKey, settingKeys } from "../settings/settingKeys.js";
import { resolveSettings } from "../settings/settings.js";
import { toFailure } from "./invoke.js";
import { settingsSources, toStrings } from "./settings.js";
import { decode, encode } from "./values.js";

/** The property names that every provider has, whatever its schema. */
const engineNames = /^(version|pluginDownloadURL|pluginChecksums|__.*)$/;

/** Checks each known setting, and marks the secret ones. Adds no defaults, so that the environment isn't stored in the state. */
export function checkConfig(request: CheckRequest): CheckResponse {
  const { values, secrets } = decode(request.getNews());
  const response = new CheckResponse();
  response.setInputs(encode(values, [...secrets, ...Object.keys(values).filter(isSecret)]));
  response.setFailuresList(
    Object.entries(values).flatMap(([name, value]) => checkSetting(name, value, isDefault(request))),
  );
  return response;
}

/** Returns which settings differ. Nothing is replaced, because a lookup doesn't belong to an account or region. */
export function diffConfig(request: DiffRequest): DiffResponse {
  const olds = decode(request.getOldInputs() ?? request.getOlds()).values;
  const news = decode(request.getNews()).values;
  const changed = [...new Set([...Object.keys(olds), ...Object.keys(news)])]
    .filter((name) => JSON.stringify(olds[name]) !== JSON.stringify(news[name]))
    .sort();
  const response = new DiffResponse();
  response.setDiffsList(changed);
  response.setChanges(
    changed.length === 0 ? DiffResponse.DiffChanges.DIFF_NONE : DiffResponse.DiffChanges.DIFF_SOME,
  );
  return response;
}

/** The property of a failure stays empty, because the engine would print its value, even a secret one. */
function checkSetting(name: string, value: unknown, ofDefault: boolean): CheckFailure[] {
  if (engineNames.test(name) || value === null || containsUnknown(value)) {
    return [];
  }
  if (!Object.hasOwn(settingKeys, name)) {
    // The default provider receives all of the stack's `outboundbot:` configuration, including the configuration of a project
    // named outboundbot.
    const known = Object.keys(settingKeys);
    return ofDefault
      ? []
      : [toFailure("", `${name} is not a setting of the provider; ${nameAdvice(name, known)}`)];
  }
  try {
    const own = { ...toStrings({ [name]: value }), ...otherHalf(name) };
    resolveSettings({}, settingsSources(own, {}, process.env));
  } catch (error) {
    // An error about another setting, from the environment, is reported by the lookup.
    if (SettingsError.isInstance(error) && error.setting?.split(".", 1)[0] === `outboundbot:${name}`) {
      return [toFailure("", error.message)];
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

function isSecret(name: string): boolean {
  const keys: Readonly<Record<string, SettingKey>> = settingKeys;
  return Object.hasOwn(keys, name) && keys[name]?.secret === true;
}

function isDefault(request: CheckRequest): boolean {
  const name = request.getName() || (request.getUrn().split("::").at(-1) ?? "");
  return /^default(_|$)/.test(name);
}
