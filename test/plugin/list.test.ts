import assert from "node:assert/strict";
import { status } from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import {
  CheckRequest,
  type CheckResponse,
  CreateRequest,
  type CreateResponse,
  DeleteRequest,
  DiffRequest,
  type DiffResponse,
  ListRequest,
  ReadRequest,
  type ReadResponse,
} from "@pulumi/pulumi/proto/provider_pb.js";
import type { Empty } from "google-protobuf/google/protobuf/empty_pb.js";
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import { type Emulator, type EmulatorOptions, startEmulator } from "../../src/emulator/index.js";
import { forbidden } from "../helpers/faults.js";
import { call, PluginProcess, settingsOf, unknown } from "../helpers/pluginProcess.js";

const type = "outboundbot:index:Instance";
const urn = `urn:pulumi:test::test::${type}::bot`;

interface Listing {
  readonly ids: string[];
  readonly computed: boolean;
  readonly token: string;
}

interface Query {
  readonly query?: Record<string, JavaScriptValue>;
  readonly limit?: number;
  readonly pageSize?: number;
  readonly token?: string;
  readonly of?: string;
}

/** Makes one call of List. Instances sent before a failure are in `before`. */
async function listOnce(plugin: PluginProcess, request: Query = {}, before: string[] = []): Promise<Listing> {
  const message = new ListRequest();
  message.setToken(request.of ?? type);
  message.setQuery(Struct.fromJavaScript(request.query ?? {}));
  message.setLimit(request.limit ?? 0);
  message.setPageSize(request.pageSize ?? 0);
  message.setContinuationToken(request.token ?? "");
  let computed = false;
  let token = "";
  for await (const response of plugin.client.list(message)) {
    computed ||= response.hasComputed();
    token = response.getContinuation()?.getContinuationToken() ?? token;
    if (response.hasResult()) {
      before.push(response.getResult().getId());
    }
  }
  return { ids: before, computed, token };
}

/** Makes all calls of a listing. */
async function listAll(
  plugin: PluginProcess,
  { limit = 0, ...request }: Query,
  left: (limit: number, got: number) => number = (all) => all,
): Promise<{ ids: string[]; calls: number }> {
  const ids: string[] = [];
  let token = "";
  for (let calls = 1; ; calls++) {
    assert.ok(calls <= 200);
    const listing = await listOnce(plugin, { ...request, limit: left(limit, ids.length), token });
    ids.push(...listing.ids);
    token = listing.token;
    if (token === "") {
      return { ids, calls };
    }
  }
}

describe("the plugin's resource Instance", () => {
  let emulator: Emulator;
  let plugin: PluginProcess;

  before(function () {
    if (!("list" in ResourceProviderService)) {
      this.skip(); // An SDK before 3.233.
    }
  });

  async function serve(options: EmulatorOptions): Promise<void> {
    emulator = await startEmulator(options);
    plugin = await PluginProcess.start();
    await plugin.configure(settingsOf(emulator.environment));
  }
  afterEach(async () => {
    await plugin?.[Symbol.asyncDispose]();
    await emulator?.close();
  });

  const idsOf = ({ instances }: Emulator) => instances.map(({ InstanceId }) => InstanceId);

  it("lists every instance in one call, whatever the service's page size", async () => {
    await serve({ count: 1_030, pageLimit: 50, pageLimitMode: "silent" });
    assert.deepEqual(await listOnce(plugin), { ids: idsOf(emulator), computed: false, token: "" });
    // Node.js prints a warning when listeners leak.
    assert.equal(plugin.printed, "");
  });

  it("lists one page per call if the engine requests pages", async () => {
    await serve({ count: 100, pageLimit: 10, pageLimitMode: "silent" });
    for (const [pageSize, calls] of [
      [7, 15],
      [10, 11],
      [25, 6],
      [1_000, 1],
    ] as const) {
      assert.deepEqual(await listAll(plugin, { pageSize }), { ids: idsOf(emulator), calls });
    }
  });

  it("applies a limit within a page, across pages and across calls", async () => {
    await serve({ count: 300 });
    const ids = idsOf(emulator);
    for (const limit of [1, 100, 101, 299, 300, 500]) {
      assert.deepEqual((await listOnce(plugin, { limit })).ids, ids.slice(0, limit));
      const paged = { limit, pageSize: 40 };
      assert.deepEqual((await listAll(plugin, paged)).ids, ids.slice(0, limit));
      // `pulumi do` sends the rest of its limit with each call.
      assert.deepEqual((await listAll(plugin, paged, (all, got) => all - got)).ids, ids.slice(0, limit));
    }
  });

  it("filters by the query, and reports an invalid one", async () => {
    await serve({ count: 200 });
    const prod = emulator.instances
      .filter(({ ResourceTags }) => ResourceTags?.some(({ Key, Value }) => Key === "env" && Value === "prod"))
      .map(({ InstanceId }) => InstanceId);
    const query = { tags: { env: "prod" } };
    assert.deepEqual((await listOnce(plugin, { query })).ids, prod);
    assert.deepEqual((await listAll(plugin, { query, pageSize: 9 })).ids, prod);
    assert.deepEqual((await listAll(plugin, { query: { nameRegex: "^$" }, pageSize: 9 })).ids, []);
    await assert.rejects(
      listOnce(plugin, { query: { nameRegex: "[", tag: "x" } }),
      /tag is not .*\n.*nameRegex is not /s,
    );
    assert.deepEqual(await listOnce(plugin, { query: { name: unknown } }), {
      ids: [],
      computed: true,
      token: "",
    });
  });

  it("ends a listing with an error when a page fails or the list changes", async () => {
    await serve({ count: 1_000, faults: [{ ...forbidden, page: 6 }] });
    const before: string[] = [];
    await assert.rejects(listOnce(plugin, {}, before), { code: status.UNKNOWN, message: /Forbidden\.RAM/ });
    assert.ok(before.length <= 500);
  });

  it("ends a listing with an error when the list changed between two calls", async () => {
    await serve({ count: 30 });
    for (const change of [
      () => emulator.remove(emulator.instances[0]?.InstanceId ?? ""),
      () => emulator.add({ InstanceId: "new", InstanceName: "new" }),
    ]) {
      const { token } = await listOnce(plugin, { pageSize: 10 });
      change();
      await assert.rejects(listOnce(plugin, { pageSize: 10, token }), /changed while it was being read/);
    }
  });

  it("rejects foreign tokens and unsupported types", async () => {
    await serve({ count: 3 });
    for (const token of ["x", Buffer.from("[1,0,3,4]").toString("base64url")]) {
      await assert.rejects(listOnce(plugin, { token }), { code: status.INVALID_ARGUMENT });
    }
    await assert.rejects(listOnce(plugin, { of: "outboundbot:index:Bot" }), {
      code: status.INVALID_ARGUMENT,
      details:
        "The outboundbot provider can't list outboundbot:index:Bot; it lists outboundbot:index:Instance.",
    });
  });

  it("is read by its ID, and absent if it doesn't exist", async () => {
    await serve({ count: 120 });
    const request = new ReadRequest();
    request.setUrn(urn);
    request.setId(emulator.instances[110]?.InstanceId ?? "");
    const found = await call<ReadResponse>((done) => plugin.client.read(request, done));
    assert.equal(found.getId(), request.getId());
    assert.deepEqual(found.getInputs()?.toJavaScript(), {});
    const { id, ...properties } = Object(await plugin.result("getInstance", { ids: [request.getId()] }));
    assert.equal(id, request.getId());
    assert.deepEqual(found.getProperties()?.toJavaScript(), properties);
    request.setId("nowhere");
    const absent = await call<ReadResponse>((done) => plugin.client.read(request, done));
    assert.deepEqual([absent.getId(), absent.hasProperties()], ["", false]);
  });

  it("can't be created or have properties, never differs, and is deleted from the state only", async () => {
    await serve({ count: 3 });
    const { client } = plugin;
    const create = new CreateRequest();
    create.setUrn(urn);
    for (const preview of [true, false]) {
      create.setPreview(preview);
      await assert.rejects(
        call<CreateResponse>((done) => client.create(create, done)),
        { code: status.FAILED_PRECONDITION, details: /Create the bot in the OutboundBot console/ },
      );
    }
    const check = new CheckRequest();
    check.setUrn(urn);
    check.setNews(Struct.fromJavaScript({ instanceName: "x" }));
    const checked = await call<CheckResponse>((done) => client.check(check, done));
    assert.deepEqual(
      checked.getFailuresList().map((failure) => failure.getReason()),
      ["instanceName is not supported, because an Instance is read-only and has no inputs; remove it"],
    );
    const diff = new DiffRequest();
    diff.setUrn(urn);
    const difference = await call<DiffResponse>((done) => client.diff(diff, done));
    assert.equal(difference.getChanges(), 1);
    const remove = new DeleteRequest();
    remove.setUrn(urn);
    const calls = emulator.counters.calls;
    await call<Empty>((done) => client.delete(remove, done));
    assert.equal(emulator.counters.calls, calls);
  });
});
