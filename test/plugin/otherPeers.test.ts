import assert from "node:assert/strict";
import { once } from "node:events";
import { createConnection } from "node:net";
import { networkInterfaces } from "node:os";
import { type Client, type MethodDefinition, type ServiceError, status } from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { startEmulator } from "../../src/emulator/index.js";
import { isOthers } from "../../src/plugin/peerUser.js";
import { run } from "../helpers/child.js";
import { PluginProcess, settingsOf } from "../helpers/pluginProcess.js";

const refused = {
  code: status.PERMISSION_DENIED,
  details: "The outboundbot provider serves only the engine that started it. Start another provider process.",
};

async function total(plugin: PluginProcess, client = plugin.client): Promise<unknown> {
  return Reflect.get(Object(await plugin.result("getInstances", {}, client)), "totalCount");
}

/** Calls a method with an empty message. Returns its status. */
function statusOf(client: Client, path: string): Promise<ServiceError | null> {
  const asIs = (bytes: Buffer) => bytes;
  return new Promise((resolve) => {
    client.makeUnaryRequest(path, asIs, asIs, Buffer.alloc(0), (error) => resolve(error));
  });
}

describe("the plugin and other processes", () => {
  it("refuses every method to a second connection while the engine's is open", async () => {
    await using emulator = await startEmulator({ count: 3 });
    await using plugin = await PluginProcess.start();
    await plugin.configure(settingsOf(emulator.environment));
    const stranger = plugin.connect();
    for (const { path } of Object.values<MethodDefinition<unknown, unknown>>(ResourceProviderService)) {
      const error = await statusOf(stranger, path);
      assert.ok(error !== null, path);
      if (error.code !== status.UNIMPLEMENTED) {
        assert.deepEqual({ code: error.code, details: error.details }, refused, path);
      }
    }
    await assert.rejects(plugin.configure({}, stranger), refused);
    await assert.rejects(plugin.invoke("getInstances", {}, stranger), refused);
    const { calls } = emulator.counters;
    assert.deepEqual([await total(plugin), calls], [3, 0]);
    stranger.close();
  });

  it("keeps the engine's provider, however many other connections come and go", async () => {
    await using emulator = await startEmulator({ count: 3 });
    await using plugin = await PluginProcess.start();
    await plugin.configure(settingsOf(emulator.environment));
    for (let round = 0; round < 12; round++) {
      const strangers = Array.from({ length: 100 }, () => plugin.connect());
      await Promise.all(strangers.map((stranger) => assert.rejects(plugin.configure({}, stranger), refused)));
      strangers.forEach((stranger) => void stranger.close());
    }
    assert.equal(await total(plugin), 3);
  });

  it("serves the engine again, with its settings, after its connection broke", async () => {
    await using emulator = await startEmulator({ count: 3 });
    await using plugin = await PluginProcess.start();
    await plugin.configure(settingsOf(emulator.environment));
    plugin.client.close();
    const again = plugin.connect();
    // The plugin learns of the end of the first connection in its own time.
    for (;;) {
      const found = await total(plugin, again).catch((error: ServiceError) => error.code);
      if (found !== status.PERMISSION_DENIED) {
        assert.equal(found, 3);
        break;
      }
    }
    again.close();
  });

  it("gives an attached engine no other connection's provider", async () => {
    await using emulator = await startEmulator({ count: 3 });
    await using plugin = await PluginProcess.start({ args: [] });
    await plugin.configure(settingsOf(emulator.environment));
    const other = plugin.connect();
    await assert.rejects(plugin.invoke("getInstances", {}, other), { code: status.FAILED_PRECONDITION });
    assert.equal(await total(plugin), 3);
    other.close();
  });

  it("refuses another user, even before the engine connects", async function () {
    if (process.platform !== "linux" || process.getuid?.() !== 0) {
      this.skip(); // Only Linux tells the owner of a connection, and only root can act as another user.
    }
    for (const args of [["127.0.0.1:0"], []]) {
      await using plugin = await PluginProcess.start({ args });
      const program = `
        process.setuid(65534);
        const { Client, credentials } = require("@grpc/grpc-js");
        const client = new Client("127.0.0.1:${plugin.port}", credentials.createInsecure());
        const asIs = (bytes) => bytes;
        client.makeUnaryRequest("/pulumirpc.ResourceProvider/Configure", asIs, asIs, Buffer.alloc(0), (error) => {
          console.log(error?.code);
          client.close();
        });`;
      const { stdout } = await run(process.execPath, ["--eval", program]);
      assert.equal(stdout, `${status.PERMISSION_DENIED}\n`);
      await plugin.configure({});
    }
  });

  it("recognizes the owner of a connection in Linux's list", () => {
    const row = (local: string, remote: string, state: string, user: number) =>
      `   1: ${local} ${remote} ${state} 00000000:00000000 02:00000FA0 00000000 ${String(user).padStart(5)}        0 7 1 0 20\n`;
    const [own, peer] = ["0100007F:01BB", "0100007F:C000"];
    const listening = row(own, "00000000:0000", "0A", 1000);
    const othersEnd = row(own, peer, "01", 1000);
    const isOther = (list: string) => isOthers(list, 0xc000, 0x1bb, 1000);
    assert.equal(isOther(listening + othersEnd + row(peer, own, "01", 1000)), false);
    assert.equal(isOther(listening + othersEnd + row(peer, own, "01", 100)), true);
    // A closed connection has no owner any more, and a program may close one that it has just used.
    assert.equal(isOther(listening + othersEnd + row(peer, own, "06", 0)), true);
    assert.equal(isOther(listening + othersEnd), true);
    assert.equal(isOther(""), false);
  });

  it("listens on 127.0.0.1 only", async () => {
    await using plugin = await PluginProcess.start();
    const others = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
    const hosts = ["127.0.0.2", "::1", ...others.map(({ address }) => address)];
    for (const host of hosts.filter((address) => address !== "127.0.0.1")) {
      const socket = createConnection({ host, port: plugin.port });
      await assert.rejects(once(socket, "connect"), Error, host);
      socket.destroy();
    }
  });
});
