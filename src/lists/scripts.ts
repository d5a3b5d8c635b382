import type { Reader } from "../api/reader.js";
import { withoutUndefined } from "../common/values.js";
import { commonArguments, type ListArgs, type PageArgs, pattern, text } from "./arguments.js";
import type { AsRead, ListApi } from "./listApi.js";

/** Selects scripts of an instance. A script must match every argument given. */
export interface ScriptSelectionArgs extends ListArgs {
  /** The ID of the instance (bot) that the scripts belong to, not empty (the API's `InstanceId`). Required. */
  instanceId: string;
  /**
   * The script's name, not empty. The service matches it (the API's `ScriptName`). Whether part of a name matches isn't
   * documented. Default: any name.
   */
  name?: string | undefined;
  /**
   * An [RE2](https://github.com/google/re2/wiki/Syntax) regular expression, not empty, that must match somewhere in the script's
   * name (unanchored). The package filters the scripts that the service returned. Default: any name.
   */
  nameRegex?: string | undefined;
  /**
   * The engine of the scripts, not empty (the API's `NluEngine`). The documentation lists `Prompts` (text completion by a large
   * model), `SSE_FUNCTION` (Function Compute) and `BeeBot` (workflow); other values are sent unchanged. The service filters by
   * it, and the package checks the returned scripts. Default: none; the service then lists only scripts that use a small model.
   */
  nluEngine?: string | undefined;
  /**
   * The `status` of the scripts, such as `PUBLISHED`; not empty. The package filters the scripts that the service returned.
   * Default: any status.
   */
  status?: string | undefined;
}

/** The arguments of {@link getScripts}. */
export interface GetScriptsArgs extends ScriptSelectionArgs, PageArgs {}

/** The arguments of {@link getScript}. */
export interface GetScriptArgs extends ScriptSelectionArgs {}

/** The arguments of {@link listScripts}. */
export interface ListScriptsArgs extends Omit<ScriptSelectionArgs, "consistency"> {}

/** The result of {@link getScripts}: the matching scripts, and the arguments. */
export interface GetScriptsResult extends GetScriptsArgs {
  /** A checksum of `ids` (CRC-32, decimal). The same IDs in the same order have the same checksum. */
  id: string;
  /** The IDs of the matching scripts, oldest script first. */
  ids: string[];
  /** The names of the matching scripts, in the order of `ids`; empty for a script without a name. */
  names: string[];
  /** The matching scripts, sorted by `createTime`, then by ID. */
  scripts: Script[];
  /**
   * The number of scripts that the service counted for `name` and `nluEngine` (the API's `TotalCount`), before the other
   * arguments were applied.
   */
  totalCount: number;
}

/**
 * The Function Compute service that replies for a script. The URL of its trigger is left out, because anyone might be able to
 * call it.
 */
export interface ScriptNluProfile {
  /** The region of the function (`FcRegion`). */
  fcRegion?: string;
  /** The name of the function (`FcFunction`). */
  fcFunction?: string;
}

/**
 * A script (scenario) of an instance, as returned in `Scripts.List`. Fields that the service left out are absent, except the
 * name. The key of the chatbot workspace (`AgentKey`) is left out, because it is an access key.
 */
export interface Script {
  /** The script's ID, same as `scriptId`. */
  id: string;
  /** The script's ID (the API's `ScriptId`). */
  scriptId: string;
  /** The name (`ScriptName`); empty when the service returned none. */
  scriptName: string;
  /** The description (`ScriptDescription`). */
  scriptDescription?: string;
  /** The industry (`Industry`), as free text. */
  industry?: string;
  /** The scenario (`Scene`), as free text. */
  scene?: string;
  /**
   * The status (`Status`). The documentation of ListScripts lists no values. For QueryScriptsByStatus, it lists `DRAFTED`,
   * `INITIALIZE_IN_PROGRESS`, `PUBLISHED`, `PUBLISH_IN_PROGRESS`, `ROLLBACK_IN_PROGRESS`, `EXAMINE_IN_PROGRESS`,
   * `PUBLISHED_AND_EXAMINE_IN_PROGRESS`, `PUBLISH_FAILED`, `ROLLBACK_FAILED`, `IMPORT_IN_PROGRESS` and `IMPORT_FAILED`.
   */
  status?: string;
  /** The status of the debug version (`DebugStatus`). */
  debugStatus?: string;
  /** The reason why the review rejected the script (`RejectReason`). */
  rejectReason?: string;
  /** Whether the debug version is a draft (`IsDebugDrafted`). */
  isDebugDrafted?: boolean;
  /** Whether the script is a draft (`IsDrafted`). */
  isDrafted?: boolean;
  /** Whether the service created the script as a preset (`IsPreset`). */
  isPreset?: boolean;
  /** The creation time, in milliseconds since the Unix epoch (`CreateTime`). */
  createTime?: number;
  /** The time of the last update, in milliseconds since the Unix epoch (`UpdateTime`). */
  updateTime?: number;
  /** The engine (`NluEngine`); absent or empty for a small model. */
  nluEngine?: string;
  /** The access type of the engine (`NluAccessType`): `Managed` for a large model; absent or empty for a small model. */
  nluAccessType?: string;
  /** The Function Compute service (`NluProfile`). */
  nluProfile?: ScriptNluProfile;
  /** The ID of the chatbot (`ChatBotId`). */
  chatBotId?: string;
  /** The ID of the chatbot workspace (`agentId`), as decimal digits, because it may exceed 2^53. */
  agentId?: string;
  /** Whether the workspace is for large models (`AgentLlm`). */
  agentLlm?: boolean;
  /** Whether emotion recognition is on (`EmotionEnable`); `false` for large models. */
  emotionEnable?: boolean;
  /** Whether long pauses are tolerated (`LongWaitEnable`); `false` for large models. */
  longWaitEnable?: boolean;
  /** Whether filler words are played (`MiniPlaybackEnable`). */
  miniPlaybackEnable?: boolean;
  /** Whether callees can interrupt gracefully (`NewBargeInEnable`); `false` for large models. */
  newBargeInEnable?: boolean;
}

function readScript(wire: Reader): AsRead<Script> {
  const profile = wire.optionalObject("NluProfile");
  return withoutUndefined({
    id: wire.requiredString("ScriptId"),
    scriptName: wire.string("ScriptName"),
    scriptDescription: wire.string("ScriptDescription"),
    industry: wire.string("Industry"),
    scene: wire.string("Scene"),
    status: wire.string("Status"),
    debugStatus: wire.string("DebugStatus"),
    rejectReason: wire.string("RejectReason"),
    isDebugDrafted: wire.boolean("IsDebugDrafted"),
    isDrafted: wire.boolean("IsDrafted"),
    isPreset: wire.boolean("IsPreset"),
    createTime: wire.integer("CreateTime"),
    updateTime: wire.integer("UpdateTime"),
    nluEngine: wire.string("NluEngine"),
    nluAccessType: wire.string("NluAccessType"),
    nluProfile:
      profile &&
      withoutUndefined({ fcRegion: profile.string("FcRegion"), fcFunction: profile.string("FcFunction") }),
    chatBotId: wire.string("ChatBotId"),
    agentId: wire.longInteger("agentId"),
    agentLlm: wire.boolean("AgentLlm"),
    emotionEnable: wire.boolean("EmotionEnable"),
    longWaitEnable: wire.boolean("LongWaitEnable"),
    miniPlaybackEnable: wire.boolean("MiniPlaybackEnable"),
    newBargeInEnable: wire.boolean("NewBargeInEnable"),
  });
}

/** The description of ListScripts. */
export const scripts: ListApi<Script, GetScriptsArgs, GetScriptsResult> = {
  action: "ListScripts",
  functions: { all: "getScripts", one: "getScript" },
  checks: {
    instanceId: text,
    name: text,
    nameRegex: pattern,
    nluEngine: text,
    status: text,
    ...commonArguments,
  },
  required: { instanceId: true },
  noun: { one: "script", many: "scripts" },
  itemsPath: ["Scripts", "List"],
  longIntegers: ["agentId"],
  readItem: readScript,
  parameters: ({ instanceId, name, nluEngine }) => ({
    InstanceId: instanceId,
    ScriptName: name,
    NluEngine: nluEngine,
  }),
  matches: (script, { nluEngine }) =>
    nluEngine === undefined || script.nluEngine === undefined || script.nluEngine === nluEngine,
  selects: (script, { status }) => status === undefined || script.status === status,
  nameOf: ({ scriptName }) => scriptName,
  createdAt: ({ createTime }) => createTime,
  toItem: ({ id, ...read }) => ({ id, scriptId: id, scriptName: "", ...read }),
  toResult: (args, { items, ...found }) => ({ ...args, ...found, scripts: items }),
  selection: {
    ifNone: "Without nluEngine, the service returns only scripts that use a small model.",
    ifSeveral: "a status, a name or an ID",
  },
};
