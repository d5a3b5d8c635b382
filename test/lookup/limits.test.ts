import assert from "node:assert/strict";
import { instanceLookup } from "../../src/lookup/functions.js";
import type { LookupContext } from "../../src/lookup/lookup.js";
import { failureOf } from "../helpers/lookup.js";
import { endAll, type StandIn, standIn } from "../helpers/standIn.js";

/** A service with an infinite list. Each page has 100 instances with a description of this length. */
function endless(totalCount?: number, description = ""): Promise<StandIn> {
  return standIn(({ query }) => ({
    body: {
      Success: true,
      TotalCount: totalCount,
      Instances: Array.from({ length: 100 }, (_, index) => ({
        InstanceId: `${query.get("PageNumber")}-${index}`,
        InstanceDescription: description,
      })),
    },
  }));
}

const key = { ALIBABA_CLOUD_ACCESS_KEY_ID: "LTAIgathering", ALIBABA_CLOUD_ACCESS_KEY_SECRET: "secret" };

function contextOf(service: StandIn, maxItems: string): LookupContext {
  return {
    sources: {
      config: () => undefined,
      environment: { ...key, OUTBOUNDBOT_ENDPOINT: service.origin, OUTBOUNDBOT_MAX_ITEMS: maxItems },
    },
    warn: () => {},
    progress: () => {},
  };
}

function find(service: StandIn, maxItems: string, args: object = {}) {
  return instanceLookup.all("getInstances", args, contextOf(service, maxItems));
}

describe("a list that is too long", () => {
  afterEach(endAll);

  const advice = " Narrow the lookup, stream the list instead, or raise outboundbot:maxItems.";

  it("fails once a lookup has more than maxItems", async () => {
    const service = await endless();
    const failure = await failureOf(find(service, "1000"));
    assert.equal(
      failure.message,
      `ListInstances at ${service.origin} failed: the list has more than 1000 instances.${advice}`,
    );
    assert.deepEqual(Object.entries(failure), [["code", "ListTooLarge"]]);
    assert.equal(service.received.length, 11);
  });

  it("fails immediately if TotalCount is above maxItems", async () => {
    const service = await endless(1_001);
    assert.match((await failureOf(find(service, "1000"))).message, /more than 1000 instances/);
    assert.equal(service.received.length, 1);
  });

  it("fails once its responses are too large, including those that wait for an earlier page", async () => {
    const service = await endless(100_000, "x".repeat(20_000));
    const failure = await failureOf(find(service, "100000"));
    assert.match(failure.message, /has more than 64000000 bytes\. Narrow/);
    assert.ok(service.received.length < 33 + 64, `${service.received.length}`);
  });

  it("doesn't fail for a single page or a stream", async () => {
    const service = await endless(5_000);
    const { instances, totalCount } = await find(service, "1000", { pageNumber: 1 });
    assert.deepEqual([instances.length, totalCount], [100, 5_000]);
    let count = 0;
    for await (const { items } of instanceLookup.pages("listInstances", {}, contextOf(service, "100"))) {
      count += items.length;
      if (count === 2_000) {
        break;
      }
    }
    assert.equal(count, 2_000);
  });
});

describe("large responses", () => {
  afterEach(endAll);

  it("all arrive, although only a few are received at once", async () => {
    const description = "d".repeat(10_000);
    const service = await standIn(({ query }) => {
      const from = (Number(query.get("PageNumber")) - 1) * 100;
      const Instances = Array.from({ length: Math.min(100, Math.max(0, 3_050 - from)) }, (_, index) => ({
        InstanceId: `${from + index}`,
        InstanceDescription: description,
      }));
      return { body: { Success: true, TotalCount: 3_050, Instances } };
    });
    const { instances } = await find(service, "100000");
    assert.equal(instances.length, 3_050);
    assert.ok(instances.every(({ instanceDescription }) => instanceDescription === description));
  });
});
