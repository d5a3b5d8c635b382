import assert from "node:assert/strict";
import { inspect } from "node:util";
import { OutboundBotError } from "../../src/index.js";
import { instanceLookup } from "../../src/lookup/instances.js";
import { answer, Dice, everythingOf, formsOf, hostileServer } from "../helpers/hostile.js";

const secrets = ["PlantedKeySecret/0123456789+", "PlantedSecurityToken/0123456789=="];
const forms = secrets.flatMap(formsOf);

const bots = Array.from({ length: 3 }, (_, index) => ({
  InstanceId: `bot-${index}`,
  InstanceName: `Bot ${index}`,
  CreationTime: index,
  ResourceTags: [{ Key: "env", Value: "prod" }],
}));
const right = {
  Success: true,
  Code: "OK",
  HttpStatusCode: 200,
  RequestId: "R",
  TotalCount: 3,
  PageNumber: 1,
  PageSize: 100,
  Instances: bots,
};

const seconds = Number(process.env.HOSTILE_SECONDS ?? 10);
const firstSeed = Number(process.env.HOSTILE_SEED ?? Date.now() % 1_000_000_000);

async function lookUp(seed: number): Promise<void> {
  const dice = new Dice(seed);
  const server = await hostileServer((request, socket) => answer(socket, { request, right, dice }));
  const told: string[] = [];
  const config: Record<string, string> = {
    "outboundbot:accessKey": "LTAIhostileKeyId",
    "outboundbot:secretKey": secrets[0] ?? "",
    "outboundbot:securityToken": secrets[1] ?? "",
    "outboundbot:endpoint": server.origin,
    "outboundbot:maxAttempts": "2",
    "outboundbot:callTimeout": "150",
    "outboundbot:lookupTimeout": "2000",
  };
  const startedAt = performance.now();
  try {
    const outcome: unknown = await instanceLookup
      .all(
        "getInstances",
        {},
        {
          sources: { config: (key) => config[key], environment: {} },
          warn: (message) => void told.push(message),
          progress: (message) => void told.push(message),
          debug: (message) => void told.push(message),
        },
      )
      .catch((error: unknown) => error);
    if (outcome instanceof Error) {
      assert.ok(OutboundBotError.isInstance(outcome), `not typed: ${inspect(outcome)}`);
      assert.ok(outcome.message.length < 25_000, `${outcome.message.length} characters`);
    } else {
      assert.ok(typeof outcome === "object" && outcome !== null && "ids" in outcome);
      assert.ok(Array.isArray(outcome.ids) && outcome.ids.length <= 4);
    }
    const seen = `${everythingOf(outcome)}\n${told.join("\n")}`;
    for (const form of forms) {
      assert.equal(
        seen.toLowerCase().includes(form.toLowerCase()),
        false,
        `${form} in ${seen.slice(0, 2_000)}`,
      );
    }
    assert.ok(!("polluted" in {}) && Object.prototype.toString.call({}) === "[object Object]");
    assert.ok(performance.now() - startedAt < 10_000, "it took too long");
  } finally {
    server.close();
  }
}

describe("a hostile service", function () {
  this.timeout(seconds * 2_000 + 60_000);

  it(`gets an exact list or a typed error, and no secret, in ${seconds} s of runs from seed ${firstSeed} on`, async () => {
    const { rss } = process.memoryUsage();
    const abreast = 16;
    const end = performance.now() + seconds * 1_000;
    let next = firstSeed;
    const work = async () => {
      while (performance.now() < end) {
        const seed = next++;
        await lookUp(seed).catch((failure: unknown) => {
          throw new Error(`HOSTILE_SEED=${seed}: ${inspect(failure)}`);
        });
      }
    };
    await Promise.all(Array.from({ length: abreast }, work));
    assert.ok(process.memoryUsage().rss - rss < 600e6, "memory grew");
  });
});
