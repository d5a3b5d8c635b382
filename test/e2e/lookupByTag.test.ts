import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { type Emulator, startEmulator } from "../../src/emulator/index.js";
import { assertBuilt } from "../helpers/built.js";
import { needsEngine, whyPending } from "../helpers/engine.js";
import { expected } from "../helpers/expected.js";
import { Project } from "../helpers/project.js";
import { closeAll, start } from "../helpers/running.js";

// Runs on a real engine, against the emulator.
describe(`examples/lookup-by-tag on a real engine${whyPending}`, function () {
  this.timeout(180_000);
  let project: Project | undefined;

  before(function () {
    needsEngine.call(this);
    assertBuilt();
  });
  afterEach(async () => {
    project?.remove();
    project = undefined;
    await closeAll();
  });

  async function newStack(
    emulator: Emulator,
    changes: Readonly<Record<string, string>> = {},
  ): Promise<Project> {
    const project = new Project("lookup-by-tag", emulator, changes);
    await project.succeed("stack", "init", "test");
    return project;
  }

  async function stack(emulator: Emulator): Promise<Project> {
    project = await newStack(emulator);
    await project.succeed("config", "set", "folder", project.path("dialers"));
    return project;
  }

  function idsOf(emulator: Emulator, env: string): string[] {
    const wanted = { env, team: "care" };
    const matching = emulator.instances.filter(({ ResourceTags = [] }) =>
      Object.entries(wanted).every(([key, value]) =>
        ResourceTags.some((tag) => tag.Key === key && tag.Value === value),
      ),
    );
    assert.notEqual(matching.length, 0);
    return expected(matching).map(({ id }) => id);
  }

  it("preview, up, up again without changes, up after a change, destroy", async () => {
    const emulator = await start({ count: 250 });
    const project = await stack(emulator);
    const file = project.path("dialers", "production.json");

    const preview = await project.succeed("preview");
    assert.match(preview, /\+ 3 to create/);
    assert.ok(preview.includes(idsOf(emulator, "prod")[0] ?? ""), "the ids are known in the preview");
    assert.equal(existsSync(file), false);

    await project.succeed("up", "--yes");
    const outputs: Record<string, string[]> = JSON.parse(await project.succeed("stack", "output", "--json"));
    assert.deepEqual(outputs, {
      productionIds: idsOf(emulator, "prod"),
      stagingIds: idsOf(emulator, "staging"),
    });
    const { Bots } = JSON.parse(readFileSync(file, "utf8"));
    assert.deepEqual(
      Bots.map(({ InstanceId }: { InstanceId: string }) => InstanceId),
      idsOf(emulator, "prod"),
    );
    const state = await project.succeed("stack", "export", "--show-secrets");
    assert.ok(state.includes(idsOf(emulator, "prod")[0] ?? ""));
    assert.ok(!state.includes(emulator.accessKeySecret), "the state holds no secret");
    assert.ok(!state.includes(emulator.accessKeyId), "the state holds no key id");

    await project.succeed("up", "--yes", "--expect-no-changes");

    emulator.remove(idsOf(emulator, "prod")[0] ?? "");
    assert.match(await project.succeed("up", "--yes"), /~ 1 updated/);
    const { productionIds } = JSON.parse(await project.succeed("stack", "output", "--json"));
    assert.deepEqual(productionIds, idsOf(emulator, "prod"));

    const calls = emulator.counters.calls;
    assert.match(await project.succeed("destroy", "--yes"), /- 3 deleted/);
    assert.equal(existsSync(file), false);
    assert.equal(emulator.counters.calls, calls, "destroy looks nothing up");
  });

  describe("prints a failure as one message, without a stack trace", () => {
    const plain =
      'import { getInstances } from "pulumi-outboundbot";\nexport = async () => ({ ids: (await getInstances(ARGS)).ids });';
    const output =
      'import { getInstancesOutput } from "pulumi-outboundbot";\nexport const ids = getInstancesOutput(ARGS).ids;';
    const failures: [what: string, program: string, args: string, message: RegExp][] = [
      [
        "a wrong secret, plain",
        plain,
        "{}",
        /ListInstances at http.* failed: SignatureDoesNotMatch \(status 40[03], request ID [0-9A-F-]{36}[^)]*\)/,
      ],
      [
        "a wrong secret, Output form",
        output,
        "{}",
        /ListInstances at http.* failed: SignatureDoesNotMatch \(status 40[03], request ID [0-9A-F-]{36}[^)]*\)/,
      ],
      [
        "a bad argument, plain",
        plain,
        '{ pageSize: 0, ids: [""] }',
        /getInstances: invalid arguments \(2 problems\)\s+- ids\[0\] must not be empty/,
      ],
      [
        "a bad argument, Output form",
        output,
        "{ pageSize: 0 }",
        /getInstances: pageSize must be a whole number from 1 to 100, got 0/,
      ],
      [
        "a provider, Output form",
        output,
        "{}, { provider: {} as never }",
        /getInstances: opts\.provider is not supported, because the function runs in the program/,
      ],
    ];
    let failing: Project;
    let emulator: Emulator;
    // One stack for all tests, because a failed preview doesn't change it.
    before(async () => {
      emulator = await startEmulator();
      failing = await newStack(emulator, { ALICLOUD_SECRET_KEY: "hush-hush" });
    });
    after(async () => {
      failing?.remove();
      await emulator?.close();
    });
    for (const [what, program, args, message] of failures) {
      it(what, async () => {
        failing.program(program.replace("ARGS", args));
        const { status, stdout, stderr } = await failing.run("preview");
        const printed = stdout + stderr;
        assert.notEqual(status, 0, printed);
        assert.match(printed, message);
        assert.doesNotMatch(printed, /^\s*at .*:\d+:\d+\)?$/m);
        assert.doesNotMatch(printed, /hush-hush|unhandled/i);
      });
    }
  });

  it("makes no call in a preview while its input is unknown, and makes it in the update", async () => {
    const emulator = await start({ count: 3 });
    const project = await stack(emulator);
    project.program(`import { getInstancesOutput } from "pulumi-outboundbot";
      import { DialerSettings } from "./dialerSettings";
      const settings = new DialerSettings("one", { file: ${JSON.stringify(project.path("one.json"))}, bots: [] });
      export const byInput = getInstancesOutput({ tags: { env: settings.id } }).ids;
      export const byWait = getInstancesOutput({}, { dependsOn: [settings] }).ids;`);
    await project.succeed("preview");
    assert.equal(emulator.counters.calls, 0);
    await project.succeed("up", "--yes", "--skip-preview");
    assert.equal(emulator.counters.calls, 2);
    const { byInput, byWait } = JSON.parse(await project.succeed("stack", "output", "--json"));
    assert.deepEqual(byInput, []);
    assert.equal(byWait.length, 3);
    await project.succeed("destroy", "--yes");
  });
});
