import type { Reader } from "../api/reader.js";
import { given } from "../common/values.js";
import { commonArguments, type ListArgs, type PageArgs, pattern, required, text } from "./arguments.js";
import type { ListApi } from "./listApi.js";

/** Which scripts of an instance to find. Everything given must match. */
export interface ScriptSelectionArgs extends ListArgs {
  /** The id of the instance (bot) that the scripts belong to, not empty (the API's `InstanceId`). Required. */
  instanceId: string;
  /**
   * The script's name, not empty, matched by the service (the API's `ScriptName`; the service does not state whether a part is enough).
   * Default: any name.
   */
  name?: string | undefined;
  /**
   * An [RE2](https://github.com/google/re2/wiki/Syntax) regular expression, not empty, that the script's name must match somewhere
   * (unanchored). Applied to what the service returned. Default: any name.
   */
  nameRegex?: string | undefined;
  /**
   * The engine of the scripts, not empty (the API's `NluEngine`). The service documents `Prompts` (text completion by a large
   * model), `SSE_FUNCTION` (Function Compute) and `BeeBot` (workflow); others are sent as they are. Checked again on what comes
   * back. Default: none is sent, and the service lists the scripts of small models only.
   */
  nluEngine?: string | undefined;
  /** Only scripts of this `status`, such as `PUBLISHED`; not empty. Applied to what the service returned. Default: any status. */
  status?: string | undefined;
}

/** The arguments of {@link getScripts}. */
export interface GetScriptsArgs extends ScriptSelectionArgs, PageArgs {}

/** The arguments of {@link getScript}. */
export interface GetScriptArgs extends ScriptSelectionArgs {}

/** The arguments of {@link listScripts}. */
export interface ListScriptsArgs extends Omit<ScriptSelectionArgs, "consistency"> {}

/** The result of {@link getScripts}: what was found, and every argument that was given. */
export interface GetScriptsResult extends GetScriptsArgs {
  /** A checksum of `ids`: the same for the same ids in the same order (CRC-32, decimal). */
  id: string;
  /** The ids of the scripts found, oldest script first. */
  ids: string[];
  /** The names of the scripts found, in the order of `ids`; empty for a script without a name. */
  names: string[];
  /** The scripts found, by `createTime`, then by id. */
  scripts: Script[];
  /** How many scripts the service counted for `name` and `nluEngine` (the API's `TotalCount`), before the rest was applied. */
  totalCount: number;
}

/** The Function Compute service that answers for a script. The URL of its trigger is left out: it may be callable by anyone. */
export interface ScriptNluProfile {
  /** Its region (`FcRegion`). */
  fcRegion?: string;
  /** Its name (`FcFunction`). */
  fcFunction?: string;
}

/**
 * A script (scenario) of an instance, as the service describes it in `Scripts.List`. A field that the service left out is absent, except
 * for the name. The key of the chatbot workspace (`AgentKey`) is left out, because it is an access key.
 */
export interface Script {
  /** The script's id, the same as `scriptId`. */
  id: string;
  /** The script's id (the API's `ScriptId`). */
  scriptId: string;
  /** The name (`ScriptName`); empty when the service returned none. */
  scriptName: string;
  /** The description (`ScriptDescription`). */
  scriptDescription?: string;
  /** The industry (`Industry`), in its creator's words. */
  industry?: string;
  /** The scenario (`Scene`), in its creator's words. */
  scene?: string;
  /**
   * The status (`Status`). For ListScripts, the service documents no values; for QueryScriptsByStatus it documents `DRAFTED`,
   * `INITIALIZE_IN_PROGRESS`, `PUBLISHED`, `PUBLISH_IN_PROGRESS`, `ROLLBACK_IN_PROGRESS`, `EXAMINE_IN_PROGRESS`,
   * `PUBLISHED_AND_EXAMINE_IN_PROGRESS`, `PUBLISH_FAILED`, `ROLLBACK_FAILED`, `IMPORT_IN_PROGRESS` and `IMPORT_FAILED`.
   */
  status?: string;
  /** The status of the version for debugging (`DebugStatus`). */
  debugStatus?: string;
  /** Why the review rejected it (`RejectReason`). */
  rejectReason?: string;
  /** Whether the version for debugging is a draft (`IsDebugDrafted`). */
  isDebugDrafted?: boolean;
  /** Whether it is a draft (`IsDrafted`). */
  isDrafted?: boolean;
  /** Whether the service itself set it up (`IsPreset`). */
  isPreset?: boolean;
  /** When it was created, in milliseconds since 1970-01-01T00:00:00Z (`CreateTime`). */
  createTime?: number;
  /** When it was last updated, in milliseconds since 1970-01-01T00:00:00Z (`UpdateTime`). */
  updateTime?: number;
  /** The engine (`NluEngine`); absent or empty for a small model. */
  nluEngine?: string;
  /** How the engine is reached (`NluAccessType`): `Managed` for a large model; absent or empty for a small one. */
  nluAccessType?: string;
  /** The Function Compute service (`NluProfile`). */
  nluProfile?: ScriptNluProfile;
  /** The id of the chatbot (`ChatBotId`). */
  chatBotId?: string;
  /** The id of the chatbot workspace (`agentId`), as exact decimal digits: it may exceed what a number can hold. */
  agentId?: string;
  /** Whether that is a workspace for large models (`AgentLlm`). */
  agentLlm?: boolean;
  /** Whether emotions are recognized (`EmotionEnable`); false for large models. */
  emotionEnable?: boolean;
  /** Whether long pauses are tolerated (`LongWaitEnable`); false for large models. */
  longWaitEnable?: boolean;
  /** Whether filler words are played (`MiniPlaybackEnable`). */
  miniPlaybackEnable?: boolean;
  /** Whether callees can interrupt gracefully (`NewBargeInEnable`); false for large models. */
  newBargeInEnable?: boolean;
}

function readScript(wire: Reader): Script {
  const id = wire.requiredString("ScriptId");
  const profile = wire.optionalObject("NluProfile");
  return {
    id,
    scriptId: id,
    scriptName: wire.string("ScriptName") ?? "",
    ...given({
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
        profile && given({ fcRegion: profile.string("FcRegion"), fcFunction: profile.string("FcFunction") }),
      chatBotId: wire.string("ChatBotId"),
      agentId: wire.longInteger("agentId"),
      agentLlm: wire.boolean("AgentLlm"),
      emotionEnable: wire.boolean("EmotionEnable"),
      longWaitEnable: wire.boolean("LongWaitEnable"),
      miniPlaybackEnable: wire.boolean("MiniPlaybackEnable"),
      newBargeInEnable: wire.boolean("NewBargeInEnable"),
    }),
  };
}

/** The API's ListScripts. */
export const scripts: ListApi<Script, GetScriptsArgs, GetScriptsResult> = {
  action: "ListScripts",
  functions: { all: "getScripts", one: "getScript" },
  checks: {
    instanceId: required(text),
    name: text,
    nameRegex: pattern,
    nluEngine: text,
    status: text,
    ...commonArguments,
  },
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
  toItem: (script) => script,
  toResult: (args, { id, ids, names, items, totalCount }) => ({
    ...args,
    id,
    ids,
    names,
    scripts: items,
    totalCount,
  }),
  selection: {
    ifNone: "Without nluEngine, the service lists the scripts of small models only.",
    ifSeveral: "a status, a name or an id",
  },
};
