import assert from "node:assert/strict";
import {
  CheckRequest,
  type CheckResponse,
  DiffRequest,
  DiffResponse,
} from "@pulumi/pulumi/proto/provider_pb.js";
import { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import { startEmulator } from "../../src/emulator/index.js";
import { settingsSources } from "../../src/plugin/providerSettings.js";
import {
  call,
  PluginProcess,
  type Properties,
  secret,
  settingsOf,
  unknown,
} from "../helpers/pluginProcess.js";

const urn = "urn:pulumi:dev::project::pulumi:providers:outboundbot::";

async function check(plugin: PluginProcess, name: string, settings: Properties) {
  const request = new CheckRequest();
  request.setUrn(urn + name);
  request.setNews(Struct.fromJavaScript(settings));
  const response = await call<CheckResponse>((done) => plugin.client.checkConfig(request, done));
  return {
    inputs: response.getInputs()?.toJavaScript(),
    failures: response.getFailuresList().map((failure) => [failure.getProperty(), failure.getReason()]),
  };
}

describe("the plugin's settings", () => {
  it("are checked one by one, and secret ones are marked", async () => {
    await using plugin = await PluginProcess.start();
    const settings = {
      accessKey: "id",
      endpoint: "bot.example",
      maxConcurrency: 8,
      maxRate: 0.5,
      version: "0.1.0",
    };
    const good = await check(plugin, "mine", settings);
    assert.deepEqual(good, { inputs: { ...settings, accessKey: secret("id") }, failures: [] });
    const bad = await check(plugin, "mine", {
      endpoint: "ftp://x",
      maxConcurrency: "many",
      network: "home",
      regoin: "cn-shanghai",
      credentialsUri: { planted: "secret" },
      assumeRole: { roleArn: "r", secretKey: secret("planted") },
    });
    assert.deepEqual(bad.failures.sort(), [
      [
        "",
        "Invalid configuration outboundbot:assumeRole: unknown field secretKey; use one of roleArn, sessionName, policy, sessionExpiration, externalId.",
      ],
      [
        "",
        "Invalid configuration outboundbot:credentialsUri: must be an http or https URL, not an object or a list.",
      ],
      [
        "",
        "Invalid configuration outboundbot:maxConcurrency: must be a whole number from 1 to 256, got a value that is not a number.",
      ],
      ["", "Invalid configuration outboundbot:network: must be public or vpc."],
      [
        "",
        "Invalid endpoint from configuration outboundbot:endpoint: must have the scheme https, or http for a loopback address.",
      ],
      ["", "regoin is not a setting of the provider; did you mean region?"],
    ]);
  });

  it("can be unknown in a preview, and are ignored for a project of the same name", async () => {
    const environment = { PULUMI_CONFIG: JSON.stringify({ folder: "dialers" }) };
    await using plugin = await PluginProcess.start({ environment });
    const settings = { endpoint: unknown, accessKey: unknown, assumeRole: { roleArn: unknown } };
    const { inputs, failures } = await check(plugin, "mine", settings);
    assert.deepEqual(failures, []);
    assert.deepEqual(inputs, { ...settings, accessKey: secret(unknown) });
    assert.deepEqual((await check(plugin, "default_0_1_0", { folder: "dialers" })).failures, []);
    await plugin.configure(settings);
    await assert.rejects(plugin.invoke("getInstances", {}), /is not configured yet/);
  });

  it("are checked in a provider whose name is like the default provider's, or contains ::", async () => {
    await using plugin = await PluginProcess.start();
    for (const name of ["default", "default_eu", "a::default", "default::b"]) {
      assert.deepEqual(
        (await check(plugin, name, { regoin: "x" })).failures,
        [["", "regoin is not a setting of the provider; did you mean region?"]],
        name,
      );
    }
  });

  it("never cause a replacement", async () => {
    await using plugin = await PluginProcess.start();
    const diff = async (olds: Properties, news: Properties) => {
      const request = new DiffRequest();
      request.setUrn(`${urn}mine`);
      request.setOldInputs(Struct.fromJavaScript(olds));
      request.setNews(Struct.fromJavaScript(news));
      const response = await call<DiffResponse>((done) => plugin.client.diffConfig(request, done));
      return [response.getChanges(), response.getDiffsList(), response.getReplacesList()];
    };
    const { DIFF_NONE, DIFF_SOME } = DiffResponse.DiffChanges;
    assert.deepEqual(await diff({ region: "a" }, { region: "a" }), [DIFF_NONE, [], []]);
    assert.deepEqual(await diff({ region: "a", profile: "p" }, { region: "b", endpoint: "e" }), [
      DIFF_SOME,
      ["endpoint", "profile", "region"],
      [],
    ]);
  });

  it("come from the provider, then the stack, then the environment", async () => {
    await using one = await startEmulator({ count: 1 });
    await using two = await startEmulator({ count: 2 });
    await using three = await startEmulator({ count: 3 });
    const [own, stack] = [settingsOf(one.environment), settingsOf(two.environment)];
    const total = async (settings: Properties, environment: NodeJS.ProcessEnv) => {
      await using plugin = await PluginProcess.start({ environment });
      await plugin.configure(settings);
      return Reflect.get(Object(await plugin.result("getInstances", {})), "totalCount");
    };
    const all = { ...three.environment, PULUMI_CONFIG: JSON.stringify(stack) };
    assert.equal(await total(own, all), 1);
    assert.equal(await total({}, all), 2);
    assert.equal(await total({}, three.environment), 3);
    // Secret, and in the format in which the SDKs send values that aren't text.
    assert.equal(
      await total({ ...own, secretKey: secret(own.secretKey ?? ""), maxConcurrency: "2" }, all),
      1,
    );
    assert.equal(await total({ ...own, maxConcurrency: 2, assumeRole: null }, all), 1);
  });

  it("of a provider with its own credentials ignore the stack's", () => {
    const stack = { accessKey: "a", secretKey: "b", assumeRole: "{}", endpoint: "e", maxAttempts: "3" };
    const keys = (own: Record<string, string>) =>
      [...(settingsSources(own, stack, {}).configKeys?.() ?? [])].sort();
    assert.deepEqual(
      keys({ profile: "p" }),
      ["endpoint", "maxAttempts", "profile"].map((name) => `outboundbot:${name}`),
    );
    assert.deepEqual(keys({ region: "r", assumeRole: "{}" }), [
      "outboundbot:accessKey",
      "outboundbot:assumeRole",
      "outboundbot:maxAttempts",
      "outboundbot:region",
      "outboundbot:secretKey",
    ]);
    assert.equal(settingsSources({ maxAttempts: "5" }, stack, {}).config("outboundbot:maxAttempts"), "5");
  });

  it("are separate for each provider of a process", async () => {
    await using one = await startEmulator({ count: 1 });
    await using two = await startEmulator({ count: 2 });
    await using plugin = await PluginProcess.start({ args: [] });
    const other = plugin.connect();
    const third = plugin.connect();
    await plugin.configure(settingsOf(one.environment));
    await plugin.configure(settingsOf(two.environment), other);
    const totals = await Promise.all(
      [plugin.client, other, plugin.client].map((client) => plugin.result("getInstances", {}, client)),
    );
    assert.deepEqual(
      totals.map((found) => Reflect.get(Object(found), "totalCount")),
      [1, 2, 1],
    );
    await assert.rejects(plugin.invoke("getInstances", {}, third), /is not configured yet/);
    other.close();
    third.close();
  });
});
