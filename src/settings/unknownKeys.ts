import { distance } from "fastest-levenshtein";
import { settingKeys } from "./settingKeys.js";
import type { SettingsSources } from "./sources.js";

const prefix = "outboundbot:";
const mostLettersOff = 2;

/**
 * Warnings for keys that are nearly ours. Others are passed over: a project may itself be called outboundbot, and its own
 * settings then have the same prefix.
 */
export function unknownKeyWarnings(sources: SettingsSources): string[] {
  const keys = sources.configKeys?.() ?? [];
  return keys
    .filter((key) => key.startsWith(prefix))
    .map((key) => key.slice(prefix.length))
    .filter((name) => !Object.hasOwn(settingKeys, name))
    .flatMap((name) => {
      const meant = closestName(name);
      return meant === undefined
        ? []
        : [
            `The configuration ${prefix}${name} is not a setting of OutboundBot lookups; ${prefix}${meant} is.`,
          ];
    });
}

function closestName(name: string): string | undefined {
  const lower = name.toLowerCase().replaceAll(/[-_]/g, "");
  const candidates = Object.keys(settingKeys)
    .map((known) => ({ known, off: distance(lower, known.toLowerCase()) }))
    // Of a short name two letters are too much: "mode" is not "node".
    .filter(({ known, off }) => off <= Math.min(mostLettersOff, Math.floor(known.length / 4)));
  return candidates.sort((one, other) => one.off - other.off)[0]?.known;
}
