import type { Kind } from "./belongings.js";
import { hash, uuid } from "./generator.js";
import type { NameMatch } from "./instanceList.js";
import { parameter } from "./request.js";

/**
 * One script of an instance, in the field names of the API's
 * [ListScripts](https://next.api.alibabacloud.com/api/OutboundBot/2019-12-26/ListScripts). A field that is absent here is absent from the
 * service's response too.
 */
export interface ServiceScript {
  /** The script's id, unique in its instance; not empty. */
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
  /** The status of the version for debugging. */
  readonly DebugStatus?: string;
  /** Why the review rejected it. */
  readonly RejectReason?: string;
  /** Whether the version for debugging is a draft. */
  readonly IsDebugDrafted?: boolean;
  /** Whether it is a draft. */
  readonly IsDrafted?: boolean;
  /** Whether it is one of the service's own examples. */
  readonly IsPreset?: boolean;
  /** When it was created, in ms since the epoch. */
  readonly CreateTime?: number;
  /** When it was last updated, in ms since the epoch. */
  readonly UpdateTime?: number;
  /** The engine; absent or empty for a small model. */
  readonly NluEngine?: string;
  /** How the engine is reached: `Managed` for a large model. */
  readonly NluAccessType?: string;
  /** The Function Compute service. */
  readonly NluProfile?: {
    /** Its region. */
    readonly FcRegion?: string;
    /** Its name. */
    readonly FcFunction?: string;
    /** The URL of its trigger. */
    readonly FcHttpTriggerUrl?: string;
  };
  /** The id of the chatbot. */
  readonly ChatBotId?: string;
  /** The access key of the chatbot workspace. */
  readonly AgentKey?: string;
  /** The id of the chatbot workspace, often past 2^53; written as bare digits on the wire. */
  readonly agentId?: bigint;
  /** Whether that is a workspace for large models. */
  readonly AgentLlm?: boolean;
  /** Whether emotions are recognized. */
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

/** The scripts of an instance: always the same for the same id, the first of them published and of a small model. */
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
export function scriptKind(nameMatch: NameMatch): Kind<ServiceScript> {
  return {
    field: "Scripts",
    toWire: ({ agentId, ...others }) => {
      // JSON.stringify knows no 64-bit integer, so that one is put in by hand.
      const text = JSON.stringify(others);
      return agentId === undefined ? text : `${text.slice(0, -1)},"agentId":${agentId}}`;
    },
    generate: generateScripts,
    selects: ({ NluEngine = "", ScriptName = "" }, request) => {
      const name = parameter(request, "ScriptName") ?? "";
      const isNamed = nameMatch === "exact" ? ScriptName === name : ScriptName.includes(name);
      return NluEngine === (parameter(request, "NluEngine") ?? "") && (name === "" || isNamed);
    },
    newcomer: (request, unique) => ({
      ...generateScript(unique, 0),
      ...ofEngine(parameter(request, "NluEngine") ?? "", unique),
      ScriptName: parameter(request, "ScriptName") || "New script",
    }),
  };
}
