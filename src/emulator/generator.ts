import type { ResourceTag, ServiceInstance, ServiceOutboundCallNumber, ServiceScript } from "./items.js";

/** The maximum number of generated instances. */
export const mostGenerated = 100_000;

const names = [
  "催收机器人",
  "Collections bot",
  "满意度回访",
  "Satisfaction survey",
  "预约提醒",
  "Appointment reminder",
  "营销外呼",
  "Winter sale campaign",
  "物流通知",
  "Delivery notice",
];
const descriptions = [
  "逾期提醒：通话不超过三分钟",
  "Calls every customer once a week",
  "仅限工作日 9:00–18:00 外呼",
  'Says "hello", waits, then listens',
  "",
];
const environments = ["prod", "staging", "dev"];
const teams = ["growth", "care", "risk", "logistics"];
const departments = ["客服部", "市场部", "风控部"];
const resourceGroups = ["rg-acfm3iugit3uw7a", "rg-aek2xl5qaf4bqoy", "rg-acfmzygvtp2wj3q"];
const owners = ["运营中心", "demo-owner"];
const creators = ["王小明", "li.lei@example", "Ada", "数据平台"];
const scriptNames = ["课程满意度回访", "Satisfaction survey", "还款提醒", "Delivery appointment", "会员营销"];
const engines = ["", "", "Prompts", "SSE_FUNCTION", "BeeBot"];
const statuses = ["PUBLISHED", "DRAFTED", "PUBLISHED_AND_EXAMINE_IN_PROGRESS", "PUBLISH_FAILED"];
const industries = ["教育", "Retail", "金融", "Logistics"];

/** Every character with a special meaning in a URL, a form, a signature or a shell. */
const reservedCharacters = "a&b=c d+e%2F/?#[]@!$'()*,;:\"\\|^`<>{}~-_.中文";

/** 2^53 + 1, the first integer that a double can't represent. */
const firstBeyondDoubles = 9_007_199_254_740_993n;
const earliest = 1_578_469_042_851;
const earliestScript = 1_578_881_227_000;
const minute = 60_000;

/** Returns the first `count` instances of an infinite list that is always the same. */
export function generateInstances(count: number): ServiceInstance[] {
  return Array.from({ length: count }, (_, index) => generateInstance(index));
}

/** The creation times aren't in the order of the list, and every fifth instance has the time of the previous one. */
function generateInstance(index: number): ServiceInstance {
  const creator = mix(index, 3) % creators.length;
  const tied = index % 5 === 4 ? index - 1 : index;
  return {
    InstanceId: idOf(index),
    InstanceName: `${choose(names, index, 1)}-${index + 1}`,
    InstanceDescription: choose(descriptions, index, 2),
    ResourceGroupId: choose(resourceGroups, index, 4),
    OwnerName: choose(owners, index, 5),
    CreatorName: creators[creator] ?? "",
    CreatorId: firstBeyondDoubles + 2n * BigInt(creator) * 98_765_432_123n,
    CreationTime: earliest + (mix(tied, 10) % 2_000_000) * minute,
    MaxConcurrentConversation: 1 + (mix(index, 6) % 100),
    IsPreset: mix(index, 7) % 20 === 0,
    ResourceTags: tagsOf(index),
  };
}

/** One instance in ten has no tags. The first has every kind of tag, so that a small list shows everything. */
function tagsOf(index: number): ResourceTag[] {
  if (index % 10 === 9) {
    return [];
  }
  return [
    { Key: "env", Value: environments[index % environments.length] ?? "" },
    { Key: "team", Value: choose(teams, index, 8) },
    { Key: "部门", Value: choose(departments, index, 9) },
    ...(index % 7 === 0 ? [{ Key: "note", Value: reservedCharacters }] : []),
    ...(index % 11 === 0 ? [{ Key: "pilot", Value: "" }] : []),
  ];
}

/** Returns the scripts of an instance, always the same for the same ID. The first is published and uses a small model. */
export function generateScripts(instanceId: string, count = 4 + (hash(instanceId) % 9)): ServiceScript[] {
  return Array.from({ length: count }, (_, index) => generateScript(instanceId, index));
}

function generateScript(instanceId: string, index: number): ServiceScript {
  const seed = `${instanceId} script ${index}`;
  const random = hash(seed);
  const engine = engines[index % engines.length] ?? "";
  const status = statuses[index % statuses.length] ?? "";
  const name = scriptNames[random % scriptNames.length] ?? "";
  const createTime = earliestScript + (random % 40_000) * 60 * minute;
  return {
    ScriptId: uuid(seed),
    ScriptName: `${name}-${index + 1}`,
    ScriptDescription: index % 3 === 2 ? "" : `${name}, v${1 + (random % 5)}`,
    Industry: industries[random % industries.length] ?? "",
    Scene: index % 2 === 0 ? "回访" : "Follow-up",
    Status: status,
    DebugStatus: index % 2 === 0 ? status : "DRAFTED",
    ...(status === "PUBLISH_FAILED" && { RejectReason: "话术用语不合规" }),
    IsDebugDrafted: index % 2 === 1,
    IsDrafted: status === "DRAFTED",
    IsPreset: random % 20 === 0,
    CreateTime: createTime,
    UpdateTime: createTime + (random % 500) * 60 * minute,
    NluEngine: engine,
    NluAccessType: engine === "" ? "" : "Managed",
    ...(engine === "SSE_FUNCTION" && {
      NluProfile: {
        FcRegion: "cn-shanghai",
        FcFunction: "answer-calls",
        FcHttpTriggerUrl: "https://fc.example/",
      },
    }),
    ChatBotId: `chatbot-cn-${uuid(`${seed} chatbot`).slice(0, 8)}`,
    AgentKey: uuid(`${seed} key`).replaceAll("-", ""),
    agentId: firstBeyondDoubles + 2n * BigInt(hash(instanceId)),
    AgentLlm: engine !== "",
    EmotionEnable: engine === "" && random % 2 === 0,
    LongWaitEnable: engine === "" && random % 3 === 0,
    MiniPlaybackEnable: random % 5 === 0,
    NewBargeInEnable: engine === "" && random % 7 === 0,
  };
}

/** Returns the numbers of an instance, always the same for the same ID. */
export function generateNumbers(instanceId: string): ServiceOutboundCallNumber[] {
  const count = 1 + (hash(instanceId) % 5);
  return Array.from({ length: count }, (_, index) => generateNumber(`${instanceId} number ${index}`));
}

export function generateNumber(seed: string): ServiceOutboundCallNumber {
  const random = hash(seed);
  return {
    OutboundCallNumberId: uuid(seed),
    Number: `0001${5_550_000 + (random % 10_000)}`,
    RateLimitCount: String(10 * (1 + (random % 6))),
    RateLimitPeriod: String(20 * (1 + (random % 5))),
  };
}

/** Returns a UUID. Multiplying by an odd number reaches each 32-bit number once, so no two indexes share an ID. */
function idOf(index: number): string {
  return toUuid([Math.imul(index + 1, 0x9e3779b1), mix(index, 11), mix(index, 12), mix(index, 13)]);
}

/** Returns a UUID derived from a text. */
export function uuid(text: string): string {
  return toUuid(["a", "b", "c", "d"].map((part) => hash(`${part}${text}`)));
}

function toUuid(words: readonly number[]): string {
  const digits = words.map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-8${digits.slice(17, 20)}-${digits.slice(20)}`;
}

function choose(from: readonly string[], index: number, salt: number): string {
  return from[mix(index, salt) % from.length] ?? "";
}

/** Returns a pseudorandom number for its arguments (the finalizer of MurmurHash 3). */
function mix(index: number, salt: number): number {
  let word = Math.imul(index ^ Math.imul(salt, 0x85ebca6b), 0xcc9e2d51);
  word = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
  return (word ^ (word >>> 16)) >>> 0;
}

/** Returns a hash of a text (FNV-1a). */
function hash(text: string): number {
  let word = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    word = Math.imul(word ^ text.charCodeAt(index), 0x01000193);
  }
  return mix(word, 14);
}
