import assert from "node:assert/strict";
import { status } from "@grpc/grpc-js";
import {
  CheckRequest,
  type CheckResponse,
  CreateRequest,
  type CreateResponse,
  DeleteRequest,
  DiffRequest,
  DiffResponse,
  ReadRequest,
  type ReadResponse,
  UpdateRequest,
  type UpdateResponse,
} from "@pulumi/pulumi/proto/provider_pb.js";
import { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import { startEmulator } from "../../src/emulator/index.js";
import { Fields } from "../../src/plugin/wireReader.js";
import { properties as encoded, message, text } from "../../src/plugin/wireWriter.js";
import {
  call,
  PluginProcess,
  type Properties,
  secret,
  settingsOf,
  unknown,
} from "../helpers/pluginProcess.js";

const urn = "urn:pulumi:dev::project::my:Parent$outboundbot:index:InstanceLookup::bots";

/** The requests of an engine for one resource. */
class Lookup {
  readonly #client;

  constructor({ client }: PluginProcess) {
    this.#client = client;
  }

  async check(news: Properties, ofUrn = urn) {
    const request = new CheckRequest();
    request.setUrn(ofUrn);
    request.setNews(Struct.fromJavaScript(news));
    const response = await call<CheckResponse>((done) => this.#client.check(request, done));
    return {
      inputs: properties(response.getInputs()),
      failures: response.getFailuresList().map((failure) => [failure.getProperty(), failure.getReason()]),
    };
  }

  async diff(olds: Properties, news: Properties): Promise<DiffResponse.DiffChanges> {
    const request = new DiffRequest();
    request.setUrn(urn);
    request.setOlds(Struct.fromJavaScript(olds));
    request.setNews(Struct.fromJavaScript(news));
    return (await call<DiffResponse>((done) => this.#client.diff(request, done))).getChanges();
  }

  async create(inputs: Properties, preview = false) {
    const request = new CreateRequest();
    request.setUrn(urn);
    request.setPreview(preview);
    request.setProperties(Struct.fromJavaScript(inputs));
    const response = await call<CreateResponse>((done) => this.#client.create(request, done));
    return { id: response.getId(), outputs: properties(response.getProperties()) };
  }

  async update(olds: Properties, news: Properties): Promise<Properties> {
    const request = new UpdateRequest();
    request.setUrn(urn);
    request.setOlds(Struct.fromJavaScript(olds));
    request.setNews(Struct.fromJavaScript(news));
    const response = await call<UpdateResponse>((done) => this.#client.update(request, done));
    return properties(response.getProperties());
  }

  async read(state: Properties) {
    const request = new ReadRequest();
    request.setUrn(urn);
    request.setId("lookup-1");
    request.setProperties(Struct.fromJavaScript(state));
    const response = await call<ReadResponse>((done) => this.#client.read(request, done));
    return { inputs: properties(response.getInputs()), outputs: properties(response.getProperties()) };
  }

  delete(): Promise<unknown> {
    const request = new DeleteRequest();
    request.setUrn(urn);
    return call((done) => this.#client.delete(request, done));
  }
}

function properties(struct: Struct | undefined): Properties {
  assert.ok(struct);
  return struct.toJavaScript();
}

const bots = [1, 2, 3].map((number) => ({
  InstanceId: `bot-${number}`,
  InstanceName: `Bot ${number}`,
  CreationTime: number,
}));

describe("the plugin's InstanceLookup", () => {
  it("runs the lookup in check, reports changes, and is deleted without a service", async () => {
    await using emulator = await startEmulator({ instances: bots });
    await using plugin = await PluginProcess.start();
    const lookup = new Lookup(plugin);
    await assert.rejects(lookup.check({}), { code: status.FAILED_PRECONDITION });
    await plugin.configure(settingsOf(emulator.environment));

    const { inputs } = await lookup.check({ onlyIds: ["bot-1", "bot-3"] });
    assert.deepEqual(inputs.ids, ["bot-1", "bot-3"]);
    assert.equal(inputs.totalCount, 3);
    const { id, outputs } = await lookup.create(inputs);
    assert.match(id, /^lookup-/);
    assert.deepEqual(outputs.ids, ["bot-1", "bot-3"]);
    assert.deepEqual(outputs.names, ["Bot 1", "Bot 3"]);
    assert.deepEqual(outputs.onlyIds, ["bot-1", "bot-3"]);
    assert.equal(Object(outputs.instances)[1].instanceId, "bot-3");
    assert.deepEqual(outputs, inputs);

    emulator.remove("bot-3");
    const { inputs: later } = await lookup.check({ onlyIds: ["bot-1", "bot-3"] });
    // The engine compares the inputs itself.
    assert.equal(await lookup.diff(outputs, later), DiffResponse.DiffChanges.DIFF_UNKNOWN);
    assert.deepEqual((await lookup.update(outputs, later)).ids, ["bot-1"]);
    const refreshed = await lookup.read(outputs);
    assert.deepEqual(refreshed.inputs, later);
    assert.deepEqual(refreshed.outputs.ids, ["bot-1"]);
    await emulator.close();
    await lookup.delete();
  });

  it("can be named like a type, or with ::", async () => {
    await using emulator = await startEmulator({ instances: bots });
    await using plugin = await PluginProcess.start();
    const lookup = new Lookup(plugin);
    await plugin.configure(settingsOf(emulator.environment));
    for (const name of [
      "a::prod",
      "::",
      "a$b::c$outboundbot:index:Instance::d",
      "prod::outboundbot:index:Robot::",
    ]) {
      const { failures, inputs } = await lookup.check(
        {},
        urn.replace(/bots$/, () => name),
      );
      assert.deepEqual([failures, inputs.totalCount], [[], 3], name);
    }
  });

  it("keeps a tag __proto__ as an argument and in the result", async () => {
    const tag = { Key: "__proto__", Value: "x" };
    await using emulator = await startEmulator({
      instances: [{ ...bots[0], InstanceId: "a", ResourceTags: [tag] }, ...bots],
    });
    await using plugin = await PluginProcess.start();
    await plugin.configure(settingsOf(emulator.environment));
    // The real SDK loses the key in both directions.
    const asIs = (bytes: Buffer) => bytes;
    const request = message(text(1, urn), encoded(3, JSON.parse('{"tags": {"__proto__": "x"}}')));
    const response = await call<Buffer>((done) =>
      plugin.client.makeUnaryRequest(
        "/pulumirpc.ResourceProvider/Check",
        asIs,
        asIs,
        request,
        (error, bytes) => done(error, bytes ?? Buffer.alloc(0)),
      ),
    );
    const { values } = new Fields(response).properties(1);
    assert.equal(
      JSON.stringify(values.tags) + JSON.stringify(Object(Object(values.instances)[0]).tags),
      '{"__proto__":"x"}{"__proto__":"x"}',
    );
    assert.deepEqual(values.ids, ["a"]);
  });

  it("is unknown in a preview while an argument is unknown", async () => {
    await using plugin = await PluginProcess.start();
    const lookup = new Lookup(plugin);
    await plugin.configure({});
    const { inputs, failures } = await lookup.check({ tags: { env: unknown } });
    assert.deepEqual(failures, []);
    const { id, outputs } = await lookup.create(inputs, true);
    assert.equal(id, "");
    assert.deepEqual([outputs.ids, outputs.names, outputs.instances], [unknown, unknown, unknown]);
  });

  it("is secret when an argument is", async () => {
    await using emulator = await startEmulator({ instances: bots });
    await using plugin = await PluginProcess.start();
    const lookup = new Lookup(plugin);
    await plugin.configure(settingsOf(emulator.environment));
    const { inputs } = await lookup.check({ nameRegex: secret("2"), pageSize: 5 });
    const { outputs } = await lookup.create(inputs);
    const refreshed = await lookup.read(outputs);
    for (const found of [inputs, outputs, refreshed.inputs, refreshed.outputs]) {
      const { pageSize, ...others } = found;
      assert.equal(pageSize, 5);
      for (const [name, value] of Object.entries(others)) {
        assert.ok(Object.hasOwn(Object(value), "4dabf18193072939515e22adb298388d"), name);
      }
    }
  });

  it("refuses a refresh at a foreign endpoint of the state, unless it is configured", async () => {
    await using emulator = await startEmulator({ instances: bots });
    await using plugin = await PluginProcess.start();
    const lookup = new Lookup(plugin);
    const settings = { ...settingsOf(emulator.environment), maxAttempts: 1, lookupTimeout: 2_000 };
    await plugin.configure(settings);
    const state = { ids: [], names: [], instances: [], totalCount: 0 };
    for (const endpoint of [
      "bots.invalid",
      "https://aliyuncs.com.invalid",
      "xaliyuncs.com",
      "127.0.0.1.invalid",
    ]) {
      await assert.rejects(lookup.read({ ...state, endpoint }), /the endpoint in the state is not a host of/);
    }
    assert.equal(emulator.counters.calls, 0);
    const { endpoint } = settingsOf(emulator.environment);
    assert.ok(endpoint !== undefined);
    assert.equal((await lookup.read({ ...state, endpoint })).outputs.totalCount, 3);
    await plugin.configure({ ...settings, endpoint: "https://bots.invalid" });
    await assert.rejects(
      lookup.read({ ...state, endpoint: "bots.invalid" }),
      /UnknownHost|ConnectionFailed|LookupTimeout/,
    );
  });

  it("shows no secret argument in a failure", async () => {
    await using plugin = await PluginProcess.start();
    const lookup = new Lookup(plugin);
    await plugin.configure({});
    assert.deepEqual(
      (
        await lookup.check({ nameRegex: secret("[customer"), onlyIds: secret(["customer", ""]) })
      ).failures.sort(),
      [
        ["", "nameRegex is invalid, and secret"],
        ["", "onlyIds[1] is invalid, and secret"],
      ],
    );
  });

  it("reports errors by the names of the schema", async () => {
    await using emulator = await startEmulator({ instances: bots });
    await using plugin = await PluginProcess.start();
    const lookup = new Lookup(plugin);
    await plugin.configure({ ...settingsOf(emulator.environment), accessKey: "nobody" });
    assert.deepEqual((await lookup.check({ onlyIds: ["", "a"], pageSize: 0 })).failures, [
      ["", "onlyIds[0] must not be empty; omit it to match any"],
      ["", "pageSize must be a whole number from 1 to 100, got 0"],
    ]);
    assert.deepEqual((await lookup.check({ ids: ["bot-1"] })).failures, [
      ["", "ids is a result, not an argument; use onlyIds"],
    ]);
    const [[, reason] = []] = (await lookup.check({})).failures;
    assert.match(reason ?? "", /InvalidAccessKeyId/);
    await assert.rejects(
      lookup.read({ ids: [], names: [], instances: [], totalCount: 0 }),
      /InvalidAccessKeyId/,
    );
    await assert.rejects(lookup.read({}), /Importing InstanceLookup failed/);
    await assert.rejects(lookup.check({}, urn.replace("InstanceLookup", "Robot")), {
      code: status.INVALID_ARGUMENT,
      details:
        "The outboundbot provider has no resource outboundbot:index:Robot; it has outboundbot:index:Instance and outboundbot:index:InstanceLookup.",
    });
  });
});
