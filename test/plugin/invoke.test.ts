import assert from "node:assert/strict";
import { status } from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb.js";
import { startEmulator } from "../../src/emulator/index.js";
import { instanceLookup, outboundCallNumberLookup, scriptLookup } from "../../src/lookup/functions.js";
import type { LookupContext } from "../../src/lookup/lookup.js";
import { startEngine } from "../helpers/engineStandIn.js";
import {
  call,
  invokeRequest,
  PluginProcess,
  type Properties,
  secret,
  settingsOf,
} from "../helpers/pluginProcess.js";
import { sorted } from "../helpers/sorted.js";
import { endAll, hangingOnce } from "../helpers/standIn.js";

/** Returns the result or the error of a function of the program with the same settings. */
function inProgram(
  called: string,
  args: Properties,
  settings: Properties,
): ReturnType<typeof instanceLookup.all> {
  return instanceLookup.all(called, args, contextOf(settings));
}

function contextOf(settings: Properties): LookupContext {
  const config = (key: string) => settings[key.replace("outboundbot:", "")]?.toString();
  return { sources: { config, environment: {} }, warn: () => {}, progress: () => {} };
}

describe("the plugin's functions", () => {
  afterEach(endAll);

  it("return exactly what the functions of a program return", async () => {
    await using emulator = await startEmulator({ count: 250 });
    await using plugin = await PluginProcess.start();
    const settings = settingsOf(emulator.environment);
    await plugin.configure(settings);
    for (const args of [
      {},
      { tags: { env: "prod" }, pageSize: 7 },
      { ids: [], nameRegex: "客服|a+" },
      { pageNumber: 2 },
    ]) {
      const found = await plugin.result("getInstances", args);
      assert.equal(sorted(found), sorted(await inProgram("getInstances", args, settings)));
    }
    const [one] = emulator.instances;
    const found = await plugin.result("getInstance", { ids: [one?.InstanceId ?? ""] });
    assert.equal(Reflect.get(Object(found), "instanceId"), one?.InstanceId);
  });

  it("return the scripts and the numbers of an instance", async () => {
    await using emulator = await startEmulator({ count: 3 });
    await using plugin = await PluginProcess.start();
    const settings = settingsOf(emulator.environment);
    await plugin.configure(settings);
    const instanceId = emulator.instances[0]?.InstanceId ?? "";
    for (const [called, lookup] of [
      ["getScripts", scriptLookup],
      ["getOutboundCallNumbers", outboundCallNumberLookup],
    ] as const) {
      const direct = await lookup.all(called, { instanceId }, contextOf(settings));
      assert.ok(direct.ids.length > 0);
      assert.equal(sorted(await plugin.result(called, { instanceId })), sorted(direct));
    }
    const script = await plugin.result("getScript", { instanceId, status: "PUBLISHED", nameRegex: "-1$" });
    assert.equal(Reflect.get(Object(script), "status"), "PUBLISHED");
    await assert.rejects(plugin.invoke("getScript", {}), /instanceId is required/);
  });

  it("fail with all invalid arguments, by path", async () => {
    await using plugin = await PluginProcess.start();
    await plugin.configure({});
    const args = { pageSize: 0, ids: ["a", ""], tags: { "a b": 1 }, tag: "x", name: null };
    await assert.rejects(plugin.invoke("getInstances", args), (error: Error) => {
      for (const path of ["pageSize", "ids[1]", 'tags["a b"]', "tag", "name"]) {
        assert.ok(error.message.includes(`\n  - ${path} `), path);
      }
      return true;
    });
  });

  it("fail with the same message as the functions of a program", async () => {
    await using emulator = await startEmulator({ count: 3 });
    await using plugin = await PluginProcess.start();
    const settings = { ...settingsOf(emulator.environment), accessKey: "nobody" };
    await plugin.configure(settings);
    const withoutRequestId = (text: string) => text.replaceAll(/request ID [\w-]+/g, "request id");
    const told = await inProgram("getInstances", {}, settings).then(String, ({ message }: Error) => message);
    assert.match(told, /InvalidAccessKeyId/);
    await assert.rejects(plugin.invoke("getInstances", {}), ({ code, details }) => {
      assert.equal(code, status.UNKNOWN);
      assert.equal(withoutRequestId(details), withoutRequestId(told));
      return true;
    });
    await assert.rejects(plugin.invoke("getInstance", { name: "no such" }), /InvalidAccessKeyId/);
  });

  it("report that no instance or several match, however many there are", async () => {
    await using emulator = await startEmulator({ count: 300 });
    await using plugin = await PluginProcess.start();
    await plugin.configure(settingsOf(emulator.environment));
    await assert.rejects(
      plugin.invoke("getInstance", { ids: ["none"] }),
      /getInstance: no instance found with ids \["none"\]\./,
    );
    await assert.rejects(
      plugin.invoke("getInstance", {}),
      /getInstance: 300 instances found without arguments, expected one:/,
    );
    const long = Array.from({ length: 2_000 }, (_, index) => `客服机器人-${index}`);
    await assert.rejects(plugin.invoke("getInstance", { ids: long }), /no instance found with ids .*…$/);
  });

  it("keep the result of a secret argument secret", async () => {
    await using emulator = await startEmulator({ count: 3 });
    await using plugin = await PluginProcess.start();
    await plugin.configure(settingsOf(emulator.environment));
    const found = await plugin.result("getInstances", { tags: { env: secret("prod") } });
    for (const value of Object.values(Object(found))) {
      assert.equal(
        Reflect.get(Object(value), "4dabf18193072939515e22adb298388d"),
        "1b47061264138c4ac30d75fd1eb44270",
      );
    }
  });

  it("show no secret argument in an error", async () => {
    await using emulator = await startEmulator({ count: 3 });
    await using plugin = await PluginProcess.start();
    await plugin.configure(settingsOf(emulator.environment));
    await assert.rejects(
      plugin.invoke("getInstance", { tags: { env: secret("tag-of-a-customer") }, name: "x" }),
      /getInstance: no instance found with name "x", tags \[secret\]\.|with tags \[secret\], name "x"\./,
    );
    await assert.rejects(
      plugin.invoke("getInstances", { nameRegex: secret("[name-of-a-customer"), pageSize: 0 }),
      ({ message }: Error) =>
        message.includes("nameRegex is invalid, and secret") &&
        message.includes("pageSize must be") &&
        !message.includes("customer"),
    );
  });

  it("stop when the engine cancels, and serve later requests", async () => {
    const { settings, called } = await hangingOnce();
    await using plugin = await PluginProcess.start();
    const { client } = plugin;
    await plugin.configure(settings);
    const underWay = plugin.invoke("getInstances", {});
    const cancelled = assert.rejects(underWay, {
      code: status.CANCELLED,
      details: "The lookup was cancelled.",
    });
    await called;
    await call((done) => client.cancel(new Empty(), done));
    await cancelled;
    assert.equal(Reflect.get(Object(await plugin.result("getInstances", {})), "totalCount"), 0);
  });

  it("stop when the engine abandons the call", async () => {
    const { settings, called } = await hangingOnce();
    await using plugin = await PluginProcess.start();
    const { client } = plugin;
    await plugin.configure(settings);
    const code = await new Promise((resolve) => {
      const pending = client.invoke(invokeRequest("getInstances", {}), (error) => resolve(error?.code));
      void called.then(() => pending.cancel());
    });
    assert.equal(code, status.CANCELLED);
    assert.equal(Reflect.get(Object(await plugin.result("getInstances", {})), "totalCount"), 0);
  });

  it("are rejected before the provider is configured", async () => {
    await using plugin = await PluginProcess.start();
    await assert.rejects(plugin.invoke("getInstances", {}), {
      code: status.FAILED_PRECONDITION,
      details: "The outboundbot provider is not configured yet.",
    });
  });

  it("warn the engine about a misspelled setting", async () => {
    await using engine = await startEngine();
    await using emulator = await startEmulator({ count: 3 });
    await using plugin = await PluginProcess.start({
      args: [engine.address],
      environment: { PULUMI_CONFIG: JSON.stringify({ endpont: "bot.example" }) },
    });
    await plugin.configure(settingsOf(emulator.environment));
    await plugin.invoke("getInstances", {});
    const [message] = await engine.received(1);
    assert.match(message?.message ?? "", /^Unknown configuration outboundbot:endpont: it has no effect\./);
  });
});
