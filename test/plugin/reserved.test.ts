import assert from "node:assert/strict";
import {
  CheckRequest,
  type CheckResponse,
  CreateRequest,
  type CreateResponse,
} from "@pulumi/pulumi/proto/provider_pb.js";
import { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import { type ServiceInstance, startEmulator } from "../../src/emulator/index.js";
import { startEngine } from "../helpers/engineStandIn.js";
import { call, PluginProcess, type Properties, settingsOf } from "../helpers/pluginProcess.js";

const urn = "urn:pulumi:dev::project::outboundbot:index:InstanceLookup::bots";
const signature = "4dabf18193072939515e22adb298388d";
const asset = "c44067f5952c0a294b673a41bacd8c17";
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const instances: ServiceInstance[] = [
  {
    InstanceId: "a",
    InstanceName: unknown,
    CreationTime: 1,
    ResourceTags: [
      { Key: signature, Value: asset },
      { Key: "path", Value: "/etc/hostname" },
      { Key: "env", Value: unknown },
    ],
  },
  { InstanceId: "b", InstanceName: asset, CreationTime: 2, InstanceDescription: signature },
];
const found = [
  { id: "a", instanceId: "a", instanceName: "", creationTime: 1, tags: { path: "/etc/hostname" } },
  { id: "b", instanceId: "b", instanceName: "", creationTime: 2, tags: {} },
];

/** Returns the inputs of an InstanceLookup, or the failures of its check, and its outputs. */
async function look({ client }: PluginProcess) {
  const check = new CheckRequest();
  check.setUrn(urn);
  check.setNews(Struct.fromJavaScript({}));
  const checked = await call<CheckResponse>((done) => client.check(check, done));
  const create = new CreateRequest();
  create.setUrn(urn);
  create.setProperties(checked.getInputs());
  const failures = checked.getFailuresList().map((failure) => failure.getReason());
  if (failures.length > 0) {
    return { failures };
  }
  const created = await call<CreateResponse>((done) => client.create(create, done));
  return { failures, inputs: plain(checked.getInputs()), outputs: plain(created.getProperties()) };
}

function plain(struct: Struct | undefined): Properties {
  assert.ok(struct);
  return struct.toJavaScript();
}

describe("texts that Pulumi interprets, from the plugin", () => {
  it("are left out of the results of functions and of InstanceLookup, with a warning", async () => {
    await using engine = await startEngine();
    await using emulator = await startEmulator({ instances });
    await using plugin = await PluginProcess.start({ args: [engine.address] });
    await plugin.configure(settingsOf(emulator.environment));
    const list = Object(await plugin.result("getInstances", {}));
    assert.deepEqual(list.instances, found);
    assert.deepEqual(list.names, ["", ""]);
    assert.deepEqual(await plugin.result("getInstance", { ids: ["a"] }), found[0]);
    const { failures, inputs, outputs } = await look(plugin);
    assert.deepEqual([failures, outputs?.instances], [[], found]);
    for (const text of [signature, asset, unknown]) {
      assert.equal(JSON.stringify([list, inputs, outputs]).includes(text), false, text);
    }
    // Each of the three lookups sends one warning and one debug message.
    const warnings = (await engine.received(6)).filter(({ message }) => message.includes(unknown));
    assert.equal(warnings.length, 3);
    for (const { message } of warnings) {
      assert.match(message, /instance "a", Instances\[0\]\.InstanceName is 04da6b54/);
    }
  });

  it("cause an error as an ID", async () => {
    await using emulator = await startEmulator({ instances: [{ InstanceId: unknown }] });
    await using plugin = await PluginProcess.start();
    await plugin.configure({ ...settingsOf(emulator.environment), maxAttempts: 1 });
    await assert.rejects(plugin.invoke("getInstances", {}), /Instances\[0\]\.InstanceId is 04da6b54/);
    const { failures } = await look(plugin);
    assert.match(failures.join("\n"), /Instances\[0\]\.InstanceId is 04da6b54/);
  });
});
