import assert from "node:assert/strict";
import { chmod, mkdtemp, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PluginAttach } from "@pulumi/pulumi/proto/plugin_pb.js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb.js";
import { packageVersion } from "../../src/common/version.js";
import { startEmulator } from "../../src/emulator/index.js";
import { environment, root, run } from "../helpers/child.js";
import { startEngine } from "../helpers/engineStandIn.js";
import { call, PluginProcess, settingsOf } from "../helpers/pluginProcess.js";
import { endAll, hangingOnce } from "../helpers/standIn.js";

describe("the plugin's lifetime", () => {
  afterEach(endAll);

  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    it(`ends at ${signal}, even with a lookup in flight`, async () => {
      const { settings, called } = await hangingOnce();
      await using plugin = await PluginProcess.start();
      await plugin.configure(settings);
      const underWay = assert.rejects(plugin.invoke("getInstances", {}));
      await called;
      plugin.child.kill(signal);
      assert.equal(await plugin.ended(), 0);
      await underWay;
    });
  }

  it("prints the help or the version, and ends", async () => {
    const printed = async (option: string) => {
      const { status, stdout } = await run(process.execPath, [join(root, "dist/plugin/cli.js"), option]);
      assert.equal(status, 0);
      return stdout;
    };
    assert.equal(await printed("--version"), `${packageVersion}\n`);
    assert.match(await printed("--help"), /^pulumi-resource-outboundbot: .*\n\nUsage: /);
    assert.equal(await printed("-h"), await printed("--help"));
  });

  it("keeps compiled code only in a folder that no other user can write to", async function () {
    if (process.platform === "win32") {
      this.skip();
    }
    const folder = await mkdtemp(join(tmpdir(), "outboundbot-cache-"));
    const cache = join(folder, "cache", "outboundbot");
    // Stands in for Node.js 22.8, in a process that gives everybody all permissions.
    const preload = join(folder, "preload.cjs");
    await writeFile(
      preload,
      `process.umask(0); require("node:module").enableCompileCache = (folder) => console.log(folder);`,
    );
    const used = async () => {
      const args = ["--require", preload, join(root, "dist/plugin/cli.js"), "--version"];
      const env = environment({ PULUMI_HOME: folder });
      return (await run(process.execPath, args, { env })).stdout.replace(`${packageVersion}\n`, "");
    };
    assert.equal(await used(), `${cache}\n`);
    assert.equal((await stat(cache)).mode & 0o777, 0o700);
    assert.equal(await used(), `${cache}\n`);
    await chmod(cache, 0o777);
    assert.equal(await used(), "");
    await rm(cache, { recursive: true });
    await symlink(folder, cache);
    assert.equal(await used(), "");
    await rm(folder, { recursive: true });
  });

  it("ends when the engine is killed", async () => {
    await using plugin = await PluginProcess.start();
    plugin.child.stdin?.destroy();
    assert.equal(await plugin.ended(), 0);
  });

  it("runs without standard input, and engines can attach repeatedly", async () => {
    await using emulator = await startEmulator({ count: 3 });
    await using plugin = await PluginProcess.start({ args: [], stdin: "ignore" });
    for (const _deployment of [1, 2]) {
      await using engine = await startEngine();
      const client = plugin.connect();
      const attach = new PluginAttach();
      attach.setAddress(engine.address);
      await call((done) => client.attach(attach, done));
      await plugin.configure({ ...settingsOf(emulator.environment) }, client);
      assert.equal(Reflect.get(Object(await plugin.result("getInstances", {}, client)), "totalCount"), 3);
      await call((done) => client.cancel(new Empty(), done));
      client.close();
    }
    assert.equal(plugin.child.exitCode, null);
  });
});
