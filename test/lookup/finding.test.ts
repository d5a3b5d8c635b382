import assert from "node:assert/strict";
import type { ServiceInstance } from "../../src/emulator/index.js";
import { getInstance, getInstances, InstanceSelectionError } from "../../src/index.js";
import type { GetInstancesArgs } from "../../src/lists/instances.js";
import { instanceLookup } from "../../src/lookup/functions.js";
import { expected } from "../helpers/expected.js";
import { failureOf, startHere } from "../helpers/lookup.js";
import { closeAll, start } from "../helpers/running.js";

/** Every character with a special meaning in a URL, a form, a signature or a shell. */
const reserved = "a&b=c d+e%2F/?#[]@!$'()*,;:\"\\|^`<>{}~-_.中文🤖\u00a0é";

// Uses the real SDK over HTTP against the emulator. Proves nothing about undocumented behavior of the service.
describe("lookup", () => {
  afterEach(closeAll);

  describe("finds all instances with exact fields, oldest first", () => {
    // On a busy machine, a call may take longer than the default of 10 s, and is retried.
    beforeEach(() => {
      process.env.OUTBOUNDBOT_CALL_TIMEOUT = "600000";
    });
    afterEach(() => {
      delete process.env.OUTBOUNDBOT_CALL_TIMEOUT;
    });

    for (const [count, calls] of [
      [0, 1],
      [1, 1],
      [100, 2],
      [101, 2],
      [1_000, 11],
      [100_000, 1_001],
    ] as const) {
      it(`of ${count}`, async () => {
        const emulator = await startHere({ count });
        const { instances, ids, totalCount } = await getInstances();
        assert.deepEqual(instances, expected(emulator.instances));
        assert.deepEqual(
          ids,
          instances.map(({ id }) => id),
        );
        assert.equal(totalCount, count);
        assert.equal(emulator.counters.calls, calls);
      });
    }

    for (const pageLimitMode of ["reported", "silent", "refused"] as const) {
      it(`from a service that returns at most 30 per page (${pageLimitMode})`, async () => {
        const emulator = await startHere({ count: 130, pageLimit: 30, pageLimitMode });
        assert.deepEqual((await getInstances()).instances, expected(emulator.instances));
      });
    }

    it("in pages of the requested size", async () => {
      const emulator = await startHere({ count: 25 });
      assert.deepEqual((await getInstances({ pageSize: 10 })).instances, expected(emulator.instances));
      assert.deepEqual(
        emulator.calls.map(({ pageNumber, pageSize }) => [pageNumber, pageSize]),
        [
          [1, 10],
          [2, 10],
          [3, 10],
        ],
      );
    });
  });

  describe("selects", () => {
    const odd: ServiceInstance[] = [
      {
        InstanceId: "odd",
        InstanceName: reserved,
        CreationTime: 2,
        CreatorId: 9_223_372_036_854_775_807n,
        ResourceTags: [
          { Key: reserved, Value: reserved },
          { Key: "部门", Value: "客服部" },
        ],
      },
      {
        InstanceId: "plain",
        InstanceName: "plain",
        CreationTime: 1,
        CreatorId: 9_007_199_254_740_993n,
        ResourceGroupId: "rg-1",
        ResourceTags: [{ Key: "部门", Value: "市场部" }],
      },
      { InstanceId: "bare" },
    ];
    const selections: [GetInstancesArgs, ids: string[], total: number][] = [
      [{ tags: { [reserved]: reserved } }, ["odd"], 1],
      [{ tags: { 部门: "客服部" } }, ["odd"], 1],
      [{ tags: { 部门: "" } }, ["plain", "odd"], 2],
      [{ tags: { 部门: "客服部", [reserved]: reserved } }, ["odd"], 1],
      [{ tags: { 部门: "客服部", none: "x" } }, [], 0],
      [{ name: reserved }, ["odd"], 1],
      [{ name: "plain" }, ["plain"], 1],
      [{ resourceGroupId: "rg-1" }, ["plain"], 1],
      [{ nameRegex: "中文" }, ["odd"], 3],
      [{ nameRegex: "^pl" }, ["plain"], 3],
      [{ nameRegex: ".*" }, ["plain", "odd"], 3],
      [{ ids: ["bare", "odd", "no"] }, ["odd", "bare"], 3],
      [{ ids: [] }, [], 3],
      [{}, ["plain", "odd", "bare"], 3],
    ];
    for (const [args, ids, total] of selections) {
      it(`${JSON.stringify(args)}: ${ids.join()}`, async () => {
        await startHere({ instances: odd });
        const result = await getInstances(args);
        assert.deepEqual(result.ids, ids);
        assert.equal(result.totalCount, total);
        // The result repeats all arguments but ids, whose name holds the result.
        assert.deepEqual(result, { ...result, ...args, ids });
      });
    }

    it("with exact fields, even a CreatorId above 2^53", async () => {
      await startHere({ instances: odd });
      assert.deepEqual((await getInstances()).instances, [
        {
          id: "plain",
          instanceId: "plain",
          instanceName: "plain",
          creationTime: 1,
          creatorId: "9007199254740993",
          resourceGroupId: "rg-1",
          tags: { 部门: "市场部" },
        },
        {
          id: "odd",
          instanceId: "odd",
          instanceName: reserved,
          creationTime: 2,
          creatorId: "9223372036854775807",
          tags: { [reserved]: reserved, 部门: "客服部" },
        },
        { id: "bare", instanceId: "bare", instanceName: "", tags: {} },
      ]);
    });

    it("one page if pageNumber is given, with the same selection and order", async () => {
      const emulator = await startHere({ count: 250 });
      const second = expected(emulator.instances.slice(100, 200));
      const page = await getInstances({ pageNumber: 2 });
      assert.deepEqual(page.instances, second);
      assert.equal(page.totalCount, 250);
      assert.equal(emulator.counters.calls, 1);
      const some = await getInstances({ pageNumber: 2, nameRegex: "机器人" });
      assert.deepEqual(
        some.instances,
        second.filter(({ instanceName }) => instanceName?.includes("机器人")),
      );
      assert.deepEqual((await getInstances({ pageNumber: 4 })).instances, []);
    });

    it("one instance, or lists the candidates", async () => {
      await startHere({ instances: odd });
      assert.equal((await getInstance({ name: "plain" })).id, "plain");
      const none = await failureOf(getInstance({ name: "nobody" }));
      assert.ok(InstanceSelectionError.isInstance(none));
      assert.equal(none.code, "InstanceNotFound");
      const several = await failureOf(getInstance({ tags: { 部门: "" } }));
      assert.ok(InstanceSelectionError.isInstance(several));
      assert.deepEqual(several.candidates, [
        { id: "plain", name: "plain", instanceName: "plain" },
        { id: "odd", name: reserved, instanceName: reserved },
      ]);
    });

    it("by tag again if the service didn't filter, with one warning", async () => {
      // The proxy in front of the emulator removes the tags from the request and signs it again.
      const emulator = await start({ count: 120 });
      const warnings: string[] = [];
      const { outboundbot } = await withoutTags(emulator.endpoint);
      try {
        const result = await instanceLookup.all(
          "getInstances",
          { tags: { env: "prod" } },
          {
            sources: {
              config: (key) =>
                ({
                  "outboundbot:endpoint": outboundbot.endpoint,
                  "outboundbot:accessKey": "any",
                  "outboundbot:secretKey": "any",
                })[key],
              environment: {},
            },
            warn: (message) => void warnings.push(message),
            progress: () => {},
          },
        );
        const matching = emulator.instances.filter(({ ResourceTags }) =>
          ResourceTags?.some(({ Key, Value }) => Key === "env" && Value === "prod"),
        );
        assert.ok(matching.length > 0 && matching.length < 120);
        assert.deepEqual(result.instances, expected(matching));
        assert.equal(warnings.length, 1);
        assert.match(warnings[0] ?? "", new RegExp(`returned ${120 - matching.length} instances`));
      } finally {
        outboundbot.close();
      }

      async function withoutTags(endpoint: string) {
        const { createServer } = await import("node:http");
        const { getSigned } = await import("../helpers/http.js");
        const server = createServer((request, response) => {
          const query = new URL(request.url ?? "", "http://localhost").searchParams;
          getSigned(
            { endpoint, accessKeyId: emulator.accessKeyId, accessKeySecret: emulator.accessKeySecret },
            { PageNumber: query.get("PageNumber") ?? "", PageSize: query.get("PageSize") ?? "" },
          ).then(({ status, text }) => response.writeHead(status).end(text));
        });
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
        const address = server.address();
        assert.ok(typeof address === "object" && address !== null);
        const close = () => {
          server.close();
          server.closeAllConnections();
        };
        return { outboundbot: { endpoint: `http://127.0.0.1:${address.port}`, close } };
      }
    });
  });
});
