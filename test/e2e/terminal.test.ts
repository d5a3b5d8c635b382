import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startEmulator } from "../../src/emulator/index.js";
import { needsEngine, whyPending } from "../helpers/engine.js";
import { forbidden } from "../helpers/faults.js";
import { createProject, hasHost } from "../helpers/languages.js";

const package_ = ["--package", "./node_modules/pulumi-outboundbot/plugin/pulumi-resource-outboundbot"];

describe(`pulumi do on a real engine${whyPending}`, function () {
  this.timeout(300_000);
  before(needsEngine);

  it("calls the functions, and fails when they do", async () => {
    await using emulator = await startEmulator({ count: 60 });
    await using project = await createProject("yaml", emulator.environment, {
      "prod.pp": 'tags = { env = "prod" }\n',
    });
    const [first] = emulator.instances;
    const name = first?.InstanceName ?? "";
    const one = await project.run([
      "do",
      ...package_,
      "outboundbot:getInstance",
      "--name-regex",
      `^${name}$`,
    ]);
    assert.ok(one.ok, one.text);
    assert.equal(JSON.parse(one.stdout).instanceId, first?.InstanceId);
    const file = ["--input", "pcl", "--input-file", "prod.pp"];
    const many = await project.run(["do", ...package_, "outboundbot:getInstances", ...file]);
    assert.equal(JSON.parse(many.stdout).totalCount, 18);
    const bad = await project.run(["do", ...package_, "outboundbot:getInstance", "--name-regex", "["]);
    assert.equal(bad.ok, false);
    assert.match(bad.text, /error: getInstance: nameRegex is not a valid RE2 regular expression/);
  });

  it("lists 5,000 bots through capped pages, part of them, or none after a fault", async () => {
    await using emulator = await startEmulator({ count: 5_000, pageLimit: 50, pageLimitMode: "silent" });
    await using project = await createProject("yaml", emulator.environment);
    const list = ["do", ...package_, "outboundbot:Instance", "list"];
    const all = await project.run(list);
    assert.ok(all.ok, all.text);
    assert.deepEqual(
      JSON.parse(all.stdout),
      emulator.instances.map(({ InstanceId, InstanceName }) => ({ id: InstanceId, name: InstanceName })),
    );
    const some = await project.run([...list, "--count", "120"]);
    assert.equal(JSON.parse(some.stdout).length, 120);
    await using broken = await startEmulator({ count: 5_000, faults: [{ ...forbidden, page: 30 }] });
    const failed = await project.run(list, broken.environment);
    assert.equal(failed.ok, false);
    assert.equal(failed.stdout, "");
    assert.match(failed.text, /error: .*Forbidden\.RAM/);
  });

  it("reads, imports, refreshes and removes a bot from the state, but creates none", async function () {
    if (!hasHost("python")) {
      this.skip();
    }
    await using emulator = await startEmulator({ count: 60 });
    const id = emulator.instances[7]?.InstanceId ?? "";
    await using project = await createProject("python", emulator.environment);
    const succeed = async (...args: string[]) => {
      const { ok, text, stdout } = await project.run(args);
      assert.ok(ok, text);
      return stdout;
    };
    await succeed("package", "add", "./node_modules/pulumi-outboundbot/plugin");
    await succeed("stack", "init", "test");
    await writeFile(join(project.folder, "__main__.py"), "");
    const read = await project.run(["do", ...package_, "outboundbot:Instance", "read", id]);
    assert.match(read.text, new RegExp(`instanceId +: "${id}"`));
    await succeed(
      "import",
      "outboundbot:index:Instance",
      "bot",
      id,
      "--yes",
      "--protect=false",
      "--generate-code=false",
    );
    const program = [
      "import pulumi",
      "import pulumi_outboundbot as outboundbot",
      'pulumi.export("imported", outboundbot.Instance("bot").instance_name)',
      `pulumi.export("got", outboundbot.Instance.get("got", "${id}").instance_name)`,
    ];
    await writeFile(join(project.folder, "__main__.py"), program.join("\n"));
    await succeed("up", "--yes", "--skip-preview");
    const name = emulator.instances[7]?.InstanceName;
    assert.deepEqual(JSON.parse(await succeed("stack", "output", "--json")), { imported: name, got: name });
    await succeed("refresh", "--yes", "--skip-preview", "--expect-no-changes");
    await writeFile(
      join(project.folder, "__main__.py"),
      `${program.join("\n")}\noutboundbot.Instance("new")\n`,
    );
    const refused = await project.run(["preview"]);
    assert.equal(refused.ok, false);
    assert.match(refused.text, /Creating Instance failed: the resource is read-only\. Create the bot in/);
    await succeed("destroy", "--yes", "--skip-preview");
    assert.ok(emulator.instances.some(({ InstanceId }) => InstanceId === id));
  });

  it("imports all bots into a stack from a list", async function () {
    if (!hasHost("python")) {
      this.skip();
    }
    await using emulator = await startEmulator({ count: 300 });
    await using project = await createProject("python", emulator.environment);
    const succeed = async (...args: string[]) => {
      const { ok, text, stdout } = await project.run(args);
      assert.ok(ok, text);
      return stdout;
    };
    await succeed("package", "add", "./node_modules/pulumi-outboundbot/plugin");
    await succeed("stack", "init", "test");
    const listed: { id: string }[] = JSON.parse(
      await succeed("do", ...package_, "outboundbot:Instance", "list", "--all"),
    );
    const type = "outboundbot:index:Instance";
    const resources = listed.map(({ id }) => ({ type, name: id, id }));
    await writeFile(join(project.folder, "bots.json"), JSON.stringify({ resources }));
    const program = [
      "import json",
      "import pulumi_outboundbot as outboundbot",
      'for bot in json.load(open("bots.json"))["resources"]:',
      '    outboundbot.Instance(bot["name"])',
    ];
    await writeFile(join(project.folder, "__main__.py"), program.join("\n"));
    const before = emulator.counters.calls;
    await succeed("import", "--file", "bots.json", "--yes", "--protect=false", "--generate-code=false");
    // Each read of a bot lists the three pages, and the empty one that follows.
    const calls = emulator.counters.calls - before;
    assert.ok(calls >= 1_200 && calls <= 1_400, `${calls} calls`);
    await succeed("preview", "--expect-no-changes");
    const state = JSON.parse(await succeed("stack", "export"));
    const imported = state.deployment.resources.filter(
      (resource: { type: string }) => resource.type === type,
    );
    assert.deepEqual(
      imported.map(({ id }: { id: string }) => id).sort(),
      emulator.instances.map(({ InstanceId }) => InstanceId).sort(),
    );
  });
});
