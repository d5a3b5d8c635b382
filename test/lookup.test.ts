import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import { connect } from "../src/api/connection.js";
import { listInstances as callListInstances } from "../src/api/listInstances.js";
import type { EmulatorOptions, ServiceInstance } from "../src/emulator/index.js";
import {
  ArgumentError,
  ConnectionError,
  type GetInstancesArgs,
  getInstance,
  getInstances,
  InconsistentListError,
  type Instance,
  InstanceSelectionError,
  listInstances,
  OutboundBotError,
  OutputFileError,
  ServiceError,
  SettingsError,
} from "../src/index.js";
import { readInstance } from "../src/listing/instance.js";
import { lookUp } from "../src/lookup.js";
import { closeAll, start } from "./emulator/running.js";
import { runProgram } from "./support/child.js";
import { settingsOf, use } from "./support/client.js";
import { expected } from "./support/expected.js";
import { collect } from "./support/pagedList.js";
import { unhandledDuring } from "./support/unhandled.js";

/** Every character that a URL, a form, a signature or a shell reads as something else. */
const reserved = "a&b=c d+e%2F/?#[]@!$'()*,;:\"\\|^`<>{}~-_.中文🤖\u00a0é";
const noWhere = new AbortController().signal;

// Ring 2: over HTTP, with the real SDK, against the emulator. It does not prove what the real service does where its
// documentation leaves that open.
describe("lookup", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "outboundbot-lookup-"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));
  afterEach(closeAll);

  const startHere = async (options: EmulatorOptions = {}) => use(await start(options));

  async function failureOf(work: PromiseLike<unknown>): Promise<Error> {
    try {
      await work;
    } catch (error) {
      assert.ok(error instanceof Error);
      return error;
    }
    assert.fail("it did not fail");
  }

  describe("finds every instance, exactly, oldest first", () => {
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

    for (const mode of ["said", "unsaid", "refused"] as const) {
      it(`from a service that gives at most 30 at once (${mode})`, async () => {
        const emulator = await startHere({ count: 130, pageLimit: { size: 30, mode } });
        assert.deepEqual((await getInstances()).instances, expected(emulator.instances));
      });
    }

    it("in batches of the size asked for", async () => {
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
        // Of the arguments all but ids are given back; under that name the result has what was found.
        assert.deepEqual(result, { ...result, ...args, ids });
      });
    }

    it("with exact fields, the CreatorId beyond 2^53 too", async () => {
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
        { id: "bare", instanceId: "bare" },
      ]);
    });

    it("one page where a page number is given, with the same selection and order within it", async () => {
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
        { id: "plain", instanceName: "plain" },
        { id: "odd", instanceName: reserved },
      ]);
    });

    it("again by tag what the service did not filter, with one warning", async () => {
      // What stands before the emulator takes the tags out of the question: it signs a question of its own.
      const emulator = await start({ count: 120 });
      const warnings: string[] = [];
      const { outboundbot } = await withoutTags(emulator.endpoint);
      try {
        const result = await lookUp(
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
        const { getSigned } = await import("./emulator/http.js");
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

  describe("when a call fails and the next one does not: the exact list", () => {
    for (const fault of [
      "throttling@first:1",
      "throttling:10ms@first:2",
      "error-500@first:2",
      "error-503@calls:1,4",
      "error:SignatureNonceUsed:400@first:1",
      "soft@calls:3",
      "soft:InternalError@first:1",
      "html@calls:1,3",
      "html-ok@calls:2",
      "empty@calls:1,2",
      "reset@calls:1,3",
      "truncated@calls:1,4",
      "cut@calls:2,3",
      "changed:inserted@calls:2",
      "changed:removed@calls:3",
      "changed:swapped@calls:1",
      "repeat@calls:3",
      "empty-page@calls:1",
      "empty-page@calls:3",
      "total-missing@always",
      "total-missing@calls:1",
      "total-wrong:7@calls:1",
      "total-wrong:300@calls:1",
      "total-wrong:0@calls:2",
      "total-wrong:100@calls:1",
      "total-wrong:300@calls:2,3",
    ]) {
      it(fault, async () => {
        const emulator = await startHere({ count: 250, faults: [fault] });
        assert.deepEqual((await getInstances()).instances, expected(emulator.instances));
      });
    }
  });

  describe("when nothing can be done: a typed error, at once", () => {
    for (const [fault, code, status] of [
      ["forbidden", "Forbidden.RAM", 403],
      ["error:InvalidAccessKeyId.NotFound:404", "InvalidAccessKeyId.NotFound", 404],
      ["error:SignatureDoesNotMatch:400", "SignatureDoesNotMatch", 400],
      ["error:NoPermission:403", "NoPermission", 403],
      ["error:InvalidApi.NotFound:404", "InvalidApi.NotFound", 404],
      ["error:MissingParameter:400", "MissingParameter", 400],
      ["error:InvalidTimeStamp.Expired:400", "InvalidTimeStamp.Expired", 400],
      ["redirect", "UnexpectedRedirect", 302],
    ] as const) {
      it(fault, async () => {
        const emulator = await startHere({ count: 250, faults: [fault] });
        const error = await failureOf(getInstances());
        assert.ok(ServiceError.isInstance(error), String(error));
        assert.deepEqual(
          [error.code, error.statusCode, error.action, error.endpoint],
          [code, status, "ListInstances", emulator.endpoint],
        );
        assert.equal(emulator.counters.calls, 1);
        if (fault !== "redirect") {
          assert.match(error.requestId ?? "", /^[0-9A-F-]{36}$/);
          assert.match(error.message, new RegExp(error.requestId ?? ""));
        }
        assert.match(error.message, new RegExp(`${code}.*${status}`));
      });
    }

    for (const fault of [
      "changed:inserted@page:2",
      "empty-page@page:2",
      "empty-page@page:1",
      "repeat@page:2",
      "repeat@always",
      "total-wrong:7",
      "total-wrong:251",
      "total-wrong:100",
      "total-wrong:0",
    ]) {
      it(`${fault}: the list is never wrong`, async () => {
        const emulator = await startHere({ count: 250, faults: [fault] });
        const error = await failureOf(getInstances());
        assert.ok(InconsistentListError.isInstance(error), String(error));
        assert.ok(emulator.counters.calls <= 5 * 4, `${emulator.counters.calls} calls`);
      });
    }

    it("nothing listens", async () => {
      const emulator = await startHere();
      await emulator.close();
      const { send } = connect(settingsOf(emulator));
      const error = await failureOf(
        callListInstances(send, emulator.endpoint, { PageNumber: 1, PageSize: 1 }, readInstance, noWhere),
      );
      assert.ok(ConnectionError.isInstance(error), String(error));
      assert.deepEqual([error.code, error.endpoint], ["ConnectionRefused", emulator.endpoint]);
    });
  });

  // One try of each, without the retries: those are tested with the calls.
  describe("names what went wrong with one call", () => {
    const faults: [
      fault: string,
      kind: "ServiceError" | "ConnectionError",
      code: string,
      status: number | undefined,
      hasId: boolean,
    ][] = [
      ["throttling", "ServiceError", "Throttling.User", 400, true],
      ["throttling:1500ms", "ServiceError", "Throttling.User", 400, true],
      ["error-500", "ServiceError", "InternalError", 500, true],
      ["error-503", "ServiceError", "ServiceUnavailable", 503, true],
      ["soft", "ServiceError", "Throttling.User", 400, true],
      ["soft:InternalError", "ServiceError", "InternalError", 500, true],
      ["html", "ServiceError", "UnreadableResponse", 502, false],
      ["html-ok", "ServiceError", "UnreadableResponse", 200, false],
      ["empty", "ServiceError", "EmptyResponse", 200, false],
      ["redirect", "ServiceError", "UnexpectedRedirect", 302, false],
      ["cut", "ServiceError", "UnreadableResponse", 200, true],
      ["reset", "ConnectionError", "ConnectionReset", undefined, false],
      ["truncated", "ConnectionError", "TruncatedResponse", 200, true],
      ["hang", "ConnectionError", "CallTimeout", undefined, false],
      ["drip", "ConnectionError", "CallTimeout", undefined, false],
    ];
    for (const [fault, kind, code, status, hasId] of faults) {
      it(fault, async () => {
        const emulator = await startHere({ count: 5, faults: [fault] });
        const { send, endpoint, openCalls } = connect(settingsOf(emulator, { callTimeout: 300 }));
        const error = await failureOf(
          openCalls(() => {}).make(
            { action: "ListInstances", endpoint },
            (signal) =>
              callListInstances(send, endpoint, { PageNumber: 1, PageSize: 10 }, readInstance, signal),
            noWhere,
          ),
        );
        assert.ok(ServiceError.isInstance(error) || ConnectionError.isInstance(error), String(error));
        assert.deepEqual(
          [
            error.name,
            error.code,
            error.statusCode,
            error.action,
            error.endpoint,
            error.requestId !== undefined,
          ],
          [kind, code, status, "ListInstances", emulator.endpoint, hasId],
        );
        assert.match(error.message, new RegExp(`^ListInstances at ${emulator.endpoint} failed: ${code}`));
      });
    }
  });

  describe("shares", () => {
    it("one listing among identical lookups under way, and no objects", async () => {
      const emulator = await startHere({ count: 250, latency: 20 });
      const results = await Promise.all(
        Array.from({ length: 10 }, () =>
          getInstances({ tags: { env: "prod" } }).then((result) => {
            const copy = structuredClone(result);
            // Whatever one does with its result must not be seen in another.
            for (const instance of result.instances) {
              instance.id = "changed";
              delete instance.instanceName;
              Object.assign(instance.tags ?? {}, { env: "changed" });
            }
            result.ids.length = 0;
            return copy;
          }),
        ),
      );
      const [first, ...others] = results;
      assert.deepEqual(
        first?.instances,
        expected(
          emulator.instances.filter(({ ResourceTags }) =>
            ResourceTags?.some(({ Key, Value }) => Key === "env" && Value === "prod"),
          ),
        ),
      );
      for (const other of others) {
        assert.deepEqual(other, first);
      }
      assert.equal(emulator.counters.calls, 1);
    });

    it("also where each selects for itself from the same list", async () => {
      const emulator = await startHere({ count: 50, latency: 20 });
      const [all, none] = await Promise.all([getInstances(), getInstances({ ids: [] })]);
      assert.equal(all.ids.length, 50);
      assert.deepEqual(none.ids, []);
      assert.equal(emulator.counters.calls, 1);
    });

    it("nothing with a lookup of something else, or a later one", async () => {
      const emulator = await startHere({ count: 5, latency: 20 });
      await Promise.all([getInstances(), getInstances({ tags: { env: "prod" } })]);
      assert.equal(emulator.counters.calls, 2);
      emulator.remove(emulator.instances[0]?.InstanceId ?? "");
      assert.equal((await getInstances()).ids.length, 4);
      assert.equal(emulator.counters.calls, 3);
    });

    it("a failure as well", async () => {
      const emulator = await startHere({ latency: 20, faults: ["forbidden"] });
      const failures = await Promise.all([getInstances(), getInstances()].map(failureOf));
      assert.ok(failures.every(ServiceError.isInstance));
      assert.equal(emulator.counters.calls, 1);
    });
  });

  describe("outputFile", () => {
    const path = (name: string) => join(folder, name);

    it("gets the instances as JSON, for its owner only, in place of what was there", async () => {
      const emulator = await startHere({ count: 120 });
      writeFileSync(path("out.json"), "x".repeat(1_000_000), { mode: 0o644 });
      const { instances, outputFile } = await getInstances({ outputFile: path("out.json") });
      assert.deepEqual(JSON.parse(readFileSync(path("out.json"), "utf8")), expected(emulator.instances));
      assert.deepEqual(instances, expected(emulator.instances));
      assert.equal(outputFile, path("out.json"));
      assert.equal(statSync(path("out.json")).mode & 0o777, 0o600);
      assert.deepEqual(readdirSync(folder), ["out.json"]);
    });

    it("is left as it was when the lookup fails", async () => {
      await startHere({ faults: ["forbidden"] });
      writeFileSync(path("out.json"), "before");
      await failureOf(getInstances({ outputFile: path("out.json") }));
      assert.equal(readFileSync(path("out.json"), "utf8"), "before");
    });

    it("in a folder that does not exist is refused before any request", async () => {
      const emulator = await startHere();
      const error = await failureOf(getInstances({ outputFile: path("none/out.json") }));
      assert.ok(OutputFileError.isInstance(error), String(error));
      assert.equal(error.code, "OutputFileNotWritten");
      assert.match(error.message, /the folder of .*none\/out\.json does not exist/);
      assert.equal(emulator.counters.calls, 0);
    });

    it("that is a folder is refused, and nothing is left beside it", async () => {
      await startHere();
      mkdirSync(path("taken"));
      const error = await failureOf(getInstances({ outputFile: path("taken") }));
      assert.ok(OutputFileError.isInstance(error), String(error));
      assert.deepEqual(
        readdirSync(folder).sort(),
        ["out.json", "taken"].filter((name) => readdirSync(folder).includes(name)),
      );
      assert.deepEqual(
        readdirSync(folder).filter((name) => name.startsWith(".")),
        [],
      );
    });
  });

  describe("refuses before any request", () => {
    it("an explicit provider, saying what to use instead", async () => {
      const emulator = await startHere();
      const provider = Object.create(pulumi.ProviderResource.prototype);
      for (const refused of [getInstances({}, { provider }), getInstance({}, { provider })]) {
        const error = await failureOf(refused);
        assert.ok(ArgumentError.isInstance(error), String(error));
        assert.deepEqual(
          error.problems.map(({ property }) => property),
          ["opts.provider"],
        );
        assert.match(error.message, /give the arguments region, endpoint or profile/);
      }
      assert.equal(emulator.counters.calls, 0);
    });

    it("Outputs among plain arguments, wherever they stand", async () => {
      const emulator = await startHere();
      const output = pulumi.output("a");
      const args: object = { name: output, tags: { "a b": output, c: "d" }, ids: ["a", output] };
      const iterate = () => collect(listInstances(args));
      for (const refused of [getInstances(args), getInstance(args), iterate()]) {
        const error = await failureOf(refused);
        assert.ok(ArgumentError.isInstance(error), String(error));
        assert.deepEqual(
          error.problems.map(({ property }) => property),
          ["name", 'tags["a b"]', "ids[1]"],
        );
        assert.match(error.message, /use the Output form/);
      }
      assert.equal(emulator.counters.calls, 0);
    });

    it("bad arguments, all at once, by each function", async () => {
      const emulator = await startHere();
      const args: object = { tag: {}, ids: "a" };
      for (const [called, refused] of [
        ["getInstances", getInstances(args)],
        ["getInstance", getInstance(args)],
        ["listInstances", collect(listInstances(args))],
      ] as const) {
        const error = await failureOf(refused);
        assert.ok(ArgumentError.isInstance(error), String(error));
        assert.equal(error.problems.length, 2);
        assert.match(error.message, new RegExp(`^${called} was not run, 2 problems`));
      }
      assert.equal(emulator.counters.calls, 0);
    });

    it("arguments that contain themselves", async () => {
      const args: Record<string, unknown> = {};
      args.tags = args;
      assert.ok(ArgumentError.isInstance(await failureOf(getInstances(args))));
    });
  });

  describe("listInstances", () => {
    it("streams every instance in the service's order", async () => {
      const emulator = await startHere({ count: 1_050 });
      const ids = (await collect(listInstances())).map(({ id }) => id);
      assert.deepEqual(
        ids,
        emulator.instances.map(({ InstanceId }) => InstanceId),
      );
    });

    it("selects as the lookup does", async () => {
      await startHere({ count: 250 });
      const args = { tags: { env: "dev" }, nameRegex: "bot" };
      const ids = (await collect(listInstances(args))).map(({ id }) => id);
      assert.deepEqual(ids.sort(), (await getInstances(args)).ids.sort());
      assert.ok(ids.length > 0);
    });

    it("lists anew each time", async () => {
      const emulator = await startHere({ count: 3 });
      const all = listInstances();
      await collect(all);
      emulator.remove(emulator.instances[0]?.InstanceId ?? "");
      assert.equal((await collect(all)).length, 2);
    });

    it("ends the requests under way when the reader leaves", async () => {
      const emulator = await startHere({ count: 100_000, latency: 5 });
      const unhandled = await unhandledDuring(async () => {
        let read = 0;
        for await (const _ of listInstances()) {
          if (++read === 250) {
            break;
          }
        }
      });
      assert.deepEqual(unhandled, []);
      // Three pages were read, and no more than eight are read ahead.
      assert.ok(emulator.counters.calls <= 3 + 8, `${emulator.counters.calls} calls`);
    });

    it("ends with the signal's reason when it is aborted, and leaves no listener", async () => {
      await startHere({ count: 10_000, latency: 5 });
      const abort = new AbortController();
      const reason = new Error("enough");
      let read = 0;
      const unhandled = await unhandledDuring(async () => {
        const error = await failureOf(
          (async () => {
            for await (const _ of listInstances({}, { signal: abort.signal })) {
              if (++read === 150) {
                abort.abort(reason);
              }
            }
          })(),
        );
        assert.equal(error, reason);
      });
      assert.deepEqual(unhandled, []);
      // What had been read before may still be handed out, a page at most.
      assert.ok(read >= 150 && read <= 200, `${read} instances`);
      assert.deepEqual(getEventListeners(abort.signal, "abort"), []);
    });

    it("makes no request with a signal that is aborted already", async () => {
      const emulator = await startHere();
      const error = await failureOf(
        collect(listInstances({}, { signal: AbortSignal.abort(new Error("no")) })),
      );
      assert.equal(error.message, "no");
      assert.equal(emulator.counters.calls, 0);
    });

    it("throws where the list changes, after what came before", async () => {
      const emulator = await startHere({ count: 250, faults: ["changed:inserted@page:3"] });
      const before = emulator.instances.map(({ InstanceId }) => InstanceId);
      const got: Instance[] = [];
      const error = await failureOf(
        (async () => {
          for await (const instance of listInstances()) {
            got.push(instance);
          }
        })(),
      );
      assert.ok(InconsistentListError.isInstance(error), String(error));
      assert.deepEqual(
        got.map(({ id }) => id),
        before.slice(0, got.length),
      );
    });
  });

  describe("settings", () => {
    it("are taken from arguments before outboundbot: before alicloud: before the environment", async () => {
      const emulator = await start({ accessKeyId: "right", accessKeySecret: "some-secret" });
      const { endpoint } = emulator;
      const signedAs = async (config: Record<string, string>, args: GetInstancesArgs = {}) => {
        pulumi.runtime.setAllConfig(config);
        await getInstances(args).catch(() => undefined);
        return emulator.calls.at(-1)?.accessKeyId;
      };
      const key = (namespace: string, id: string) => ({
        [`${namespace}:accessKey`]: id,
        [`${namespace}:secretKey`]: "some-secret",
      });
      const nowhere = { "outboundbot:endpoint": "http://127.0.0.1:1" };
      assert.equal(await signedAs({ ...key("outboundbot", "right"), ...nowhere }, { endpoint }), "right");
      const here = { "outboundbot:endpoint": endpoint };
      assert.equal(
        await signedAs({ ...here, ...key("outboundbot", "one"), ...key("alicloud", "two") }),
        "one",
      );
      assert.equal(await signedAs({ ...here, ...key("alicloud", "two") }), "two");
    });

    // In a process of its own, whose environment can be what the test says from the start.
    it("come from the environment, in the order of @pulumi/alicloud's", async () => {
      const emulator = await start();
      const { status, stdout, stderr } = await runProgram(
        `for (const names of [[], ["ALICLOUD_ACCESS_KEY", "ALICLOUD_SECRET_KEY"], ["ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET"]]) {
           for (const name of names) delete process.env[name];
           await getInstances().catch((error) => console.log(error.name, error.code));
         }
         process.env.OUTBOUNDBOT_ENDPOINT = process.env.ALIBABA_CLOUD_ENDPOINT_OUTBOUNDBOT;
         delete process.env.ALIBABA_CLOUD_ENDPOINT_OUTBOUNDBOT;
         process.env.ALIBABACLOUD_ACCESS_KEY_ID = "four";
         await getInstances().catch(() => {});
         delete process.env.ALIBABACLOUD_ACCESS_KEY_ID;
         await getInstances().catch((error) => console.log(error.name, error.code));`,
        {
          ALIBABA_CLOUD_ENDPOINT_OUTBOUNDBOT: emulator.endpoint,
          OUTBOUNDBOT_ENDPOINT: "http://127.0.0.1:1",
          ALICLOUD_ACCESS_KEY: "one",
          ALICLOUD_SECRET_KEY: "some-secret",
          ALIBABA_CLOUD_ACCESS_KEY_ID: "two",
          ALIBABA_CLOUD_ACCESS_KEY_SECRET: "some-secret",
          ALIBABACLOUD_ACCESS_KEY_ID: "three",
          ALIBABACLOUD_ACCESS_KEY_SECRET: "some-secret",
        },
      );
      assert.equal(status, 0, stderr);
      assert.deepEqual(
        emulator.calls.map(({ accessKeyId }) => accessKeyId),
        ["one", "two", "three", "four"],
      );
      const refused = "ServiceError InvalidAccessKeyId.NotFound";
      assert.deepEqual(stdout.trim().split("\n"), [
        refused,
        refused,
        refused,
        "SettingsError IncompleteCredentials",
      ]);
    });

    it("sign with a security token where one is set", async () => {
      const emulator = await startHere({ securityToken: "token", count: 3 });
      assert.equal((await getInstances()).ids.length, 3);
      assert.equal(emulator.counters.calls, 1);
    });

    it("of another region than the one that is served are refused", async () => {
      const emulator = await startHere();
      pulumi.runtime.setAllConfig({ "alicloud:accessKey": "a", "alicloud:secretKey": "some-secret" });
      const error = await failureOf(getInstances({ region: "cn-hangzhou" }));
      assert.ok(SettingsError.isInstance(error), String(error));
      assert.equal(error.code, "UnknownRegion");
      assert.equal(emulator.counters.calls, 0);
    });
  });

  describe("keeps secrets", () => {
    const secrets = { accessKeySecret: "hush-hush-secret", securityToken: "hush-hush-token" };
    for (const fault of ["forbidden", "redirect", "error:SignatureDoesNotMatch:400", "empty-page@page:1"]) {
      it(`out of the error after ${fault}`, async () => {
        await startHere({ ...secrets, faults: [fault] });
        const error = await failureOf(getInstances());
        assert.ok(OutboundBotError.isInstance(error));
        const everything = inspect(error, { depth: Infinity, showHidden: true, getters: true });
        assert.ok(!everything.includes("hush-hush"), everything);
      });
    }
    for (const fault of ["reset", "truncated", "hang", "html"]) {
      it(`out of the error after ${fault}`, async () => {
        const emulator = await start({ ...secrets, faults: [fault] });
        const { send, endpoint, openCalls } = connect(settingsOf(emulator, { callTimeout: 200 }));
        const error = await failureOf(
          openCalls(() => {}).make(
            { action: "ListInstances", endpoint },
            (signal) =>
              callListInstances(send, endpoint, { PageNumber: 1, PageSize: 10 }, readInstance, signal),
            noWhere,
          ),
        );
        const everything = inspect(error, { depth: Infinity, showHidden: true, getters: true });
        assert.ok(!everything.includes("hush-hush"), everything);
      });
    }
    it("out of the error after a wrong secret", async () => {
      const emulator = await startHere();
      pulumi.runtime.setAllConfig({
        "outboundbot:endpoint": emulator.endpoint,
        "outboundbot:accessKey": emulator.accessKeyId,
        "outboundbot:secretKey": "hush-hush-wrong",
      });
      const error = await failureOf(getInstances());
      assert.ok(ServiceError.isInstance(error), String(error));
      assert.equal(error.code, "SignatureDoesNotMatch");
      const everything = inspect(error, { depth: Infinity, showHidden: true, getters: true });
      assert.ok(!everything.includes("hush-hush"), everything);
      assert.ok(!everything.includes(emulator.accessKeySecret), everything);
    });
  });

  // A call's time-out is 10 s: a process that ends well before that was held by no timer of a call or of a lookup.
  describe("lets the process end", () => {
    for (const [what, program, faults] of [
      ["after a success", "console.log((await getInstances()).ids.length);", []],
      [
        "after a failure",
        "await getInstances().catch((error) => console.log(error.code));",
        ["forbidden@page:3"],
      ],
      [
        "after leaving a stream with requests under way",
        "for await (const { id } of listInstances()) { console.log(id); break; }",
        ["hang@page:2"],
      ],
    ] as const) {
      it(what, async () => {
        const emulator = await start({ count: 450, faults });
        const ended = await runProgram(program, emulator.environment);
        assert.equal(ended.status, 0, ended.stderr);
        assert.notEqual(ended.stdout, "");
        assert.ok(ended.lingered < 3_000, `it lived on for ${ended.lingered} ms`);
      });
    }
  });
});
