import { hash, uuid } from "./generator.js";
import type { ItemKind } from "./instanceItems.js";
import type { NameMatch } from "./instanceList.js";
import { parameter } from "./request.js";

/**
 * A script of an instance, with the field names of the API operation
 * [ListScripts](https://next.api.alibabacloud.com/api/OutboundBot/2019-12-26/ListScripts). A field that is absent here is absent
 * from the response too.
 */
export interface ServiceScript {
  /** The script's ID, unique in its instance; not empty. */
  readonly ScriptId: string;
  /** The name. */
  readonly ScriptName?: string;
  /** The description. */
  readonly ScriptDescription?: string;
  /** The industry. */
  readonly Industry?: string;
  /** The scenario. */
  readonly Scene?: string;
  /** The status, such as `PUBLISHED`. */
  readonly Status?: string;
  /** The status of the debug version. */
  readonly DebugStatus?: string;
  /** The reason why the review rejected the script. */
  readonly RejectReason?: string;
  /** Whether the debug version is a draft. */
  readonly IsDebugDrafted?: boolean;
  /** Whether the script is a draft. */
  readonly IsDrafted?: boolean;
  /** Whether the service created the script as a preset. */
  readonly IsPreset?: boolean;
  /** The creation time, in milliseconds since the Unix epoch. */
  readonly CreateTime?: number;
  /** The time of the last update, in milliseconds since the Unix epoch. */
  readonly UpdateTime?: number;
  /** The engine; absent or empty for a small model. */
  readonly NluEngine?: string;
  /** The access type of the engine: `Managed` for a large model. */
  readonly NluAccessType?: string;
  /** The Function Compute service. */
  readonly NluProfile?: {
    /** The region of the function. */
    readonly FcRegion?: string;
    /** The name of the function. */
    readonly FcFunction?: string;
    /** The URL of the function's trigger. */
    readonly FcHttpTriggerUrl?: string;
  };
  /** The ID of the chatbot. */
  readonly ChatBotId?: string;
  /** The access key of the chatbot workspace. */
  readonly AgentKey?: string;
  /** The ID of the chatbot workspace. Often above 2^53, and returned as a JSON number. */
  readonly agentId?: bigint;
  /** Whether the workspace is for large models. */
  readonly AgentLlm?: boolean;
  /** Whether emotion recognition is on. */
  readonly EmotionEnable?: boolean;
  /** Whether long pauses are tolerated. */
  readonly LongWaitEnable?: boolean;
  /** Whether filler words are played. */
  readonly MiniPlaybackEnable?: boolean;
  /** Whether callees can interrupt gracefully. */
  readonly NewBargeInEnable?: boolean;
}

const names = [
  "课程满意度回访",
  "Satisfaction survey",
  "还款提醒",
  "Delivery appointment",
  "会员营销",
] as const;
const engines = ["", "", "Prompts", "SSE_FUNCTION", "BeeBot"] as const;
const statuses = ["PUBLISHED", "DRAFTED", "PUBLISHED_AND_EXAMINE_IN_PROGRESS", "PUBLISH_FAILED"] as const;
const industries = ["教育", "Retail", "金融", "Logistics"] as const;
const earliest = 1_578_881_227_000;
const hour = 3_600_000;

/** Returns the scripts of an instance, always the same for the same ID. The first is published and uses a small model. */
export function generateScripts(instanceId: string, count = 4 + (hash(instanceId) % 9)): ServiceScript[] {
  return Array.from({ length: count }, (_, index) => generateScript(instanceId, index));
}

function generateScript(instanceId: string, index: number): ServiceScript {
  const seed = `${instanceId} script ${index}`;
  const random = hash(seed);
  const engine = engines[index % engines.length] ?? "";
  const status = statuses[index % statuses.length] ?? "DRAFTED";
  const name = names[random % names.length] ?? "";
  const createTime = earliest + (random % 40_000) * hour;
  return {
    ScriptId: uuid(seed),
    ScriptName: `${name}-${index + 1}`,
    ScriptDescription: index % 3 === 2 ? "" : `${name}, v${1 + (random % 5)}`,
    Industry: industries[random % industries.length] ?? "",
    Scene: index % 2 === 0 ? "回访" : "Follow-up",
    Status: status,
    DebugStatus: index % 2 === 0 ? status : "DRAFTED",
    ...(status === "PUBLISH_FAILED" ? { RejectReason: "话术用语不合规" } : {}),
    IsDebugDrafted: index % 2 === 1,
    IsDrafted: status === "DRAFTED",
    IsPreset: random % 20 === 0,
    CreateTime: createTime,
    UpdateTime: createTime + (random % 500) * hour,
    ...ofEngine(engine, seed),
    ChatBotId: `chatbot-cn-${uuid(`${seed} chatbot`).slice(0, 8)}`,
    AgentKey: uuid(`${seed} key`).replaceAll("-", ""),
    agentId: 9_007_199_254_740_993n + 2n * BigInt(hash(instanceId)),
    AgentLlm: engine !== "",
    EmotionEnable: engine === "" && random % 2 === 0,
    LongWaitEnable: engine === "" && random % 3 === 0,
    MiniPlaybackEnable: random % 5 === 0,
    NewBargeInEnable: engine === "" && random % 7 === 0,
  };
}

function ofEngine(engine: string, seed: string): Partial<ServiceScript> {
  if (engine === "") {
    return { NluEngine: "", NluAccessType: "" };
  }
  const large = { NluEngine: engine, NluAccessType: "Managed" };
  return engine === "SSE_FUNCTION"
    ? {
        ...large,
        NluProfile: {
          FcRegion: "cn-shanghai",
          FcFunction: "answer-calls",
          FcHttpTriggerUrl: `https://fc-${uuid(`${seed} trigger`).slice(0, 8)}.example/`,
        },
      }
    : large;
}

/** The scripts, for the action ListScripts. */
export function scriptKind(nameMatch: NameMatch): ItemKind<ServiceScript> {
  return {
    field: "Scripts",
    toWire: ({ agentId, ...others }) => {
      // JSON.stringify doesn't support 64-bit integers, so that field is added separately.
      const text = JSON.stringify(others);
      return agentId === undefined ? text : `${text.slice(0, -1)},"agentId":${agentId}}`;
    },
    generate: generateScripts,
    selects: ({ NluEngine = "", ScriptName = "" }, request) => {
      const name = parameter(request, "ScriptName") ?? "";
      const isNamed = nameMatch === "exact" ? ScriptName === name : ScriptName.includes(name);
      return NluEngine === (parameter(request, "NluEngine") ?? "") && (name === "" || isNamed);
    },
    insertedItem: (request, unique) => ({
      ...generateScript(unique, 0),
      ...ofEngine(parameter(request, "NluEngine") ?? "", unique),
      ScriptName: parameter(request, "ScriptName") || "New script",
    }),
  };
}
