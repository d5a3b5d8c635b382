import assert from "node:assert/strict";
import { OutboundBotError } from "../../src/index.js";
import { instanceLookup, outboundCallNumberLookup, scriptLookup } from "../../src/lookup/functions.js";
import type { LookupContext } from "../../src/lookup/lookup.js";
import { endAll, standIn } from "../helpers/standIn.js";

/** A security token of 16 digits, so that it can be sent as a number too. */
const secret = "4815162342108642";
const reserved = "c44067f5952c0a294b673a41bacd8c17";
const half = "a\ud800b";

type Kind = "id" | "text" | "number" | "boolean" | "dialedNumber" | "tagKey" | "tagValue";

/** What a field that isn't rejected becomes: this value, or no value. */
interface Safe {
  readonly value: string | undefined;
  readonly warning: string;
}

const omitted: Safe = { value: undefined, warning: `is ${reserved} (omitted)` };
const replaced: Safe = { value: "a\ufffdb", warning: "contains half a character (replaced by U+FFFD)" };
const found = "contains a secret of the caller";

/** For each planted value, the result or the reason of the error, by the kind of field. */
const plants: readonly {
  readonly what: string;
  readonly json: string;
  readonly expected: Readonly<Record<Kind, Safe | string>>;
}[] = [
  {
    what: "a secret",
    json: JSON.stringify(secret),
    expected: {
      ...{ id: found, text: found, number: found, dialedNumber: found, tagKey: found, tagValue: found },
      boolean: "is not true or false",
    },
  },
  {
    what: "a secret without quotes",
    json: secret,
    expected: {
      ...{ id: "is not a string", text: "is not a string", boolean: "is not true or false" },
      ...{ number: found, dialedNumber: found, tagKey: found, tagValue: found },
    },
  },
  {
    what: "a reserved text",
    json: JSON.stringify(reserved),
    expected: {
      id: `is ${reserved}, a value that Pulumi reserves`,
      boolean: "is not true or false",
      ...{ text: omitted, number: omitted, dialedNumber: omitted, tagKey: omitted, tagValue: omitted },
    },
  },
  {
    what: "a lone surrogate",
    json: JSON.stringify(half),
    expected: {
      ...{ id: replaced, text: replaced, dialedNumber: replaced, tagKey: replaced, tagValue: replaced },
      number: "is not a whole number",
      boolean: "is not true or false",
    },
  },
];

interface List {
  readonly find: (context: LookupContext) => Promise<object>;
  readonly noun: string;
  /** The path of the items in a response. */
  readonly path: readonly string[];
  /** The property of the items in a result. */
  readonly property: string;
  readonly idField: string;
  /** Every field of an item, but those of the list of tags. */
  readonly fields: Readonly<Record<string, Kind>>;
}

const lists: readonly List[] = [
  {
    find: (context) => instanceLookup.all("getInstances", {}, context),
    noun: "instance",
    path: ["Instances"],
    property: "instances",
    idField: "InstanceId",
    fields: {
      InstanceId: "id",
      ...{ InstanceName: "text", InstanceDescription: "text", CreationTime: "number", CreatorId: "number" },
      ...{ CreatorName: "text", OwnerName: "text", ResourceGroupId: "text", IsPreset: "boolean" },
      MaxConcurrentConversation: "number",
      "ResourceTags[0].Key": "tagKey",
      "ResourceTags[0].Value": "tagValue",
    },
  },
  {
    find: (context) => scriptLookup.all("getScripts", { instanceId: "bot-1" }, context),
    noun: "script",
    path: ["Scripts", "List"],
    property: "scripts",
    idField: "ScriptId",
    fields: {
      ScriptId: "id",
      ...{ ScriptName: "text", ScriptDescription: "text", Industry: "text", Scene: "text", Status: "text" },
      ...{ DebugStatus: "text", RejectReason: "text", IsDebugDrafted: "boolean", IsDrafted: "boolean" },
      ...{ IsPreset: "boolean", CreateTime: "number", UpdateTime: "number", NluEngine: "text" },
      ...{ NluAccessType: "text", "NluProfile.FcRegion": "text", "NluProfile.FcFunction": "text" },
      ...{ ChatBotId: "text", agentId: "number", AgentLlm: "boolean", EmotionEnable: "boolean" },
      ...{ LongWaitEnable: "boolean", MiniPlaybackEnable: "boolean", NewBargeInEnable: "boolean" },
    },
  },
  {
    find: (context) =>
      outboundCallNumberLookup.all("getOutboundCallNumbers", { instanceId: "bot-1" }, context),
    noun: "outbound call number",
    path: ["OutboundCallNumbers", "List"],
    property: "outboundCallNumbers",
    idField: "OutboundCallNumberId",
    fields: {
      ...{ OutboundCallNumberId: "id", Number: "dialedNumber" },
      ...{ RateLimitCount: "number", RateLimitPeriod: "number" },
    },
  },
];

/** Returns the JSON of an item with only an ID and one field, which has this JSON. */
function itemWith(idField: string, field: string, json: string): string {
  const [outer = "", inner] = field.split(".");
  const id = field === idField ? "" : `"${idField}":"a",`;
  if (outer === "ResourceTags[0]") {
    const other = inner === "Key" ? '"Value":"v"' : '"Key":"k"';
    return `{${id}"ResourceTags":[{${other},"${inner}":${json}}]}`;
  }
  return `{${id}"${outer}":${inner === undefined ? json : `{"${inner}":${json}}`}}`;
}

/** Returns the items of the result of a list with this item, or the error, with the warnings and the number of calls. */
async function lookUp({ find, path, property }: List, item: string) {
  const inner = `"TotalCount":1,"${path.at(-1)}":[${item}]`;
  const fields = path.length === 1 ? inner : `"${path[0]}":{${inner}}`;
  const service = await standIn(() => ({ body: `{"Success":true,"Code":"OK",${fields}}` }));
  const config: Record<string, string> = {
    "outboundbot:accessKey": "LTAIhostileFields",
    "outboundbot:secretKey": "a-secret-of-the-test",
    "outboundbot:securityToken": secret,
    "outboundbot:endpoint": service.origin,
  };
  const warnings: string[] = [];
  const outcome = await find({
    sources: { config: (key) => config[key], environment: {} },
    warn: (warning) => void warnings.push(warning),
    progress: () => {},
  }).then(
    (result): unknown => Reflect.get(result, property),
    (error: unknown) => error,
  );
  return { outcome, warnings, calls: service.received.length };
}

/** Returns the items of a result whose field has this value, or none. */
function itemsWith(list: List, field: string, kind: Kind, value: string | undefined): object[] {
  const id = kind === "id" ? value : "a";
  const [outer = "", inner] = field.split(".");
  const item: Record<string, unknown> = {
    id,
    [`${list.idField[0]?.toLowerCase()}${list.idField.slice(1)}`]: id,
  };
  const nameField = { Instances: "instanceName", Scripts: "scriptName", OutboundCallNumbers: "number" };
  item[Reflect.get(nameField, list.path[0] ?? "")] = "";
  if (list.property === "instances") {
    item.tags = {};
  }
  const camel = (name: string) => `${name[0]?.toLowerCase()}${name.slice(1)}`;
  if (kind === "tagKey") {
    item.tags = value === undefined ? {} : { [value]: "v" };
  } else if (kind === "tagValue") {
    item.tags = value === undefined ? {} : { k: value };
  } else if (inner !== undefined) {
    item[camel(outer)] = value === undefined ? {} : { [camel(inner)]: value };
  } else if (kind !== "id" && value !== undefined) {
    item[camel(outer)] = value;
  }
  return [item];
}

describe("a hostile value", () => {
  afterEach(endAll);

  for (const list of lists) {
    for (const { what, json, expected } of plants) {
      it(`${what} in each field of an item of ${list.property} is rejected or made safe`, async () => {
        for (const [field, kind] of Object.entries(list.fields)) {
          const { outcome, warnings, calls } = await lookUp(list, itemWith(list.idField, field, json));
          const place = `${list.path.join(".")}[0].${field}`;
          const safe = expected[kind];
          if (typeof safe === "string") {
            assert.ok(OutboundBotError.isInstance(outcome), `${place}: ${JSON.stringify(outcome)}`);
            const item = kind === "id" ? "" : `in ${list.noun} "a", `;
            assert.equal(outcome.code, "UnreadableResponse", place);
            assert.ok(outcome.message.includes(`${item}${place} ${safe}`), outcome.message);
            assert.equal(outcome.message.includes(secret), false, place);
            assert.deepEqual([warnings, calls], [[], 1], place);
          } else {
            assert.deepEqual(outcome, itemsWith(list, field, kind, safe.value), place);
            const id = kind === "id" ? safe.value : "a";
            assert.deepEqual(
              [warnings, calls],
              [
                [
                  `OutboundBot returned values that Pulumi can't store as they are: in ${list.noun} "${id}", ${place} ${safe.warning}. Change them in OutboundBot.`,
                ],
                1,
              ],
              place,
            );
          }
        }
      });
    }
  }

  it("that has the wrong shape ends the lookup after one call, with the item and the field", async () => {
    for (const list of lists) {
      for (const [field, kind] of Object.entries(list.fields)) {
        for (const json of ["{}", "[]", "[null]"]) {
          const { outcome, calls } = await lookUp(list, itemWith(list.idField, field, json));
          assert.ok(OutboundBotError.isInstance(outcome), field);
          const item = kind === "id" ? "" : `in ${list.noun} "a", `;
          const place = `${item}${list.path.join(".")}[0].${field} is not `;
          assert.ok(outcome.message.includes(place), outcome.message);
          assert.deepEqual([outcome.code, calls], ["UnreadableResponse", 1]);
        }
      }
    }
  });
});
