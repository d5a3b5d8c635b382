import assert from "node:assert/strict";
import type { Emulator } from "../../src/emulator/index.js";
import { instanceLookup } from "../../src/lookup/functions.js";
import type { LookupContext } from "../../src/lookup/lookup.js";
import { expected } from "../helpers/expected.js";
import { collect } from "../helpers/pagedList.js";
import { closeAll, start } from "../helpers/running.js";
import { endAll, standIn } from "../helpers/standIn.js";

type Warned = LookupContext & { readonly warnings: string[] };

function contextOf({ endpoint, accessKeyId = "key", accessKeySecret = "secret" }: Partial<Emulator>): Warned {
  const config: Record<string, string | undefined> = {
    "outboundbot:endpoint": endpoint,
    "outboundbot:accessKey": accessKeyId,
    "outboundbot:secretKey": accessKeySecret,
  };
  const warnings: string[] = [];
  return {
    sources: { config: (key) => config[key], environment: {} },
    warn: (message) => void warnings.push(message),
    progress: () => {},
    warnings,
  };
}

describe("a lookup warns", () => {
  afterEach(async () => {
    endAll();
    await closeAll();
  });

  describe("once about a TotalCount that can't be right, and returns the exact list", () => {
    for (const total of [0, 99]) {
      const warning = `OutboundBot reported a TotalCount of ${total}, but returned more instances on one page. The lookup ignored the TotalCount; the result's totalCount is the number of instances returned.`;

      it(`${total}: of all pages, also where the list is read twice`, async () => {
        const emulator = await start({
          count: 250,
          faults: [
            { kind: "total", total },
            { kind: "repeat", calls: [2] },
          ],
        });
        const context = contextOf(emulator);
        const [found, again] = await Promise.all(
          [1, 2].map(() => instanceLookup.all("getInstances", {}, context)),
        );
        assert.deepEqual(found?.instances, expected(emulator.instances));
        assert.equal(found.totalCount, 250);
        assert.deepEqual(again, found);
        assert.deepEqual(context.warnings, [warning]);
        // The second page repeated the first; then two listings have three pages and the empty one.
        assert.equal(emulator.counters.calls, 2 + 2 * 4);
      });

      it(`${total}: of one page`, async () => {
        const emulator = await start({ count: 250, faults: [{ kind: "total", total }] });
        const context = contextOf(emulator);
        const { instances, totalCount } = await instanceLookup.all(
          "getInstances",
          { pageNumber: 2 },
          context,
        );
        assert.deepEqual(instances, expected(emulator.instances.slice(100, 200)));
        assert.equal(totalCount, 100);
        assert.deepEqual(context.warnings, [warning]);
      });

      it(`${total}: of a stream`, async () => {
        const emulator = await start({ count: 250, faults: [{ kind: "total", total }] });
        const context = contextOf(emulator);
        const streamed = await collect(instanceLookup.pages("listInstances", {}, context));
        assert.deepEqual(
          streamed.flatMap(({ items }) => items.map(({ id }) => id)),
          emulator.instances.map(({ InstanceId }) => InstanceId),
        );
        assert.deepEqual(context.warnings, [warning]);
      });
    }
  });

  it("about more than 20 tags, and sends all of them", async () => {
    const emulator = await start({ count: 5 });
    const tagged = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`key-${index}`, "value"]));
    for (const [count, warnings] of [
      [20, []],
      [
        21,
        [
          "21 tags were requested; OutboundBot's TagResources accepts at most 20. ListInstances states no limit, but OutboundBot may reject the request or ignore some tags.",
        ],
      ],
    ] as const) {
      const context = contextOf(emulator);
      await instanceLookup.all("getInstances", { tags: tagged(count) }, context);
      assert.equal(emulator.calls.at(-1)?.tags?.length, count);
      assert.deepEqual(context.warnings, warnings);
      await collect(instanceLookup.pages("listInstances", { tags: tagged(count) }, context));
      assert.deepEqual(context.warnings, [...warnings, ...warnings]);
    }
  });

  it("about instances without tags if tags were requested, and leaves them out", async () => {
    const { origin } = await standIn(() => ({
      body: {
        Code: "OK",
        Success: true,
        RequestId: "r",
        TotalCount: 3,
        Instances: [
          { InstanceId: "tagged", ResourceTags: [{ Key: "env", Value: "prod" }] },
          { InstanceId: "empty", ResourceTags: [] },
          { InstanceId: "unshown" },
        ],
      },
    }));
    const context = contextOf({ endpoint: origin });
    const { ids } = await instanceLookup.all("getInstances", { tags: { env: "prod" } }, context);
    // An empty list means no tags; an absent field means nothing.
    assert.deepEqual(ids, ["tagged", "unshown"]);
    assert.deepEqual(context.warnings, [
      "OutboundBot returned 1 instance that doesn't match the requested filters. The result omits it. To include it, select by ids instead.",
    ]);
  });
});
