import assert from "node:assert/strict";
import { inspect, isDeepStrictEqual } from "node:util";
import { OutboundBotError } from "../../src/index.js";
import { instanceLookup } from "../../src/lookup/functions.js";
import {
  answer,
  assertWithout,
  Dice,
  everythingOf,
  hostileServer,
  listIn,
  printedDuring,
  rightList,
  serviceSecrets as secrets,
} from "../helpers/hostile.js";

const seconds = Number(process.env.HOSTILE_SECONDS ?? 10);
const firstSeed = Number(process.env.HOSTILE_SEED ?? Date.now() % 1_000_000_000);

async function lookUp(seed: number): Promise<void> {
  const dice = new Dice(seed);
  const server = await hostileServer((request, socket) =>
    answer(socket, { request, right: rightList, dice, onBody: (body) => sent.push(body) }),
  );
  const sent: Buffer[] = [];
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
    const outcome = await instanceLookup
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
      .catch((error: Error) => error);
    if (outcome instanceof Error) {
      assert.ok(OutboundBotError.isInstance(outcome), `not typed: ${inspect(outcome)}`);
      assert.ok(outcome.message.length < 25_000, `${outcome.message.length} characters`);
    } else {
      const { instances, ids, totalCount } = outcome;
      assert.ok(
        sent.some((body) => isDeepStrictEqual(listIn(body), instances)),
        `the service never sent ${inspect(instances, { depth: 4 })}`,
      );
      assert.deepEqual([ids, totalCount], [instances.map(({ id }) => id), instances.length]);
    }
    assertWithout(secrets, `${everythingOf(outcome)}\n${told.join("\n")}`);
    assert.ok(!("polluted" in {}) && Object.prototype.toString.call({}) === "[object Object]");
    assert.ok(performance.now() - startedAt < 60_000, "it took too long");
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
    const printed = await printedDuring(async () => {
      await Promise.all(Array.from({ length: abreast }, work));
    });
    assertWithout(secrets, printed);
    assert.ok(process.memoryUsage().rss - rss < 600e6, "memory grew");
  });
});
