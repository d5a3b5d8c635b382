import assert from "node:assert/strict";
import { startEmulator } from "../../src/emulator/index.js";
import { createStack, needsEngine, type Run, type Stack, whyPending } from "../helpers/engine.js";
import { forbidden } from "../helpers/faults.js";

const lookup = `
  const pulumi = require("@pulumi/pulumi");
  const { InstanceLookup } = require("pulumi-outboundbot");
  const config = new pulumi.Config();
  const bots = new InstanceLookup("bots", JSON.parse(config.get("args") ?? "{}"));
  exports.ids = bots.ids;
  exports.total = bots.totalCount;
`;

function bot(number: number) {
  return {
    InstanceId: `bot-${number}`,
    InstanceName: `Bot ${number}`,
    CreationTime: 1_578_469_042_851 + number,
  };
}

interface Step {
  readonly op: string;
  readonly urn: string;
  readonly detailedDiff: Readonly<Record<string, { readonly kind: string }>> | null;
}

async function succeed(stack: Stack, args: readonly string[], environment?: NodeJS.ProcessEnv): Promise<Run> {
  const run = await stack.run(args, environment);
  assert.ok(run.ok, run.text);
  return run;
}

async function previewStep(stack: Stack): Promise<Step | undefined> {
  const { stdout } = await succeed(stack, ["preview", "--diff", "--json"]);
  const { steps }: { steps: readonly Step[] } = JSON.parse(stdout);
  return steps.find(({ urn }) => urn.includes("InstanceLookup"));
}

async function outputs(stack: Stack): Promise<{ ids: string[]; total: number }> {
  return JSON.parse((await succeed(stack, ["stack", "output", "--json"])).stdout);
}

interface ExportedResource {
  readonly type: string;
  readonly inputs: object;
  readonly outputs: object;
}

async function lookupState(stack: Stack): Promise<Pick<ExportedResource, "inputs" | "outputs">> {
  const { stdout } = await succeed(stack, ["stack", "export"]);
  const { deployment }: { deployment: { resources: readonly ExportedResource[] } } = JSON.parse(stdout);
  const found = deployment.resources.find(({ type }) => type.endsWith(":InstanceLookup"));
  assert.ok(found);
  return { inputs: found.inputs, outputs: found.outputs };
}

describe(`InstanceLookup on a real engine${whyPending}`, function () {
  this.timeout(180_000);
  before(needsEngine);

  it("is created, stays unchanged, shows added and removed instances, and is updated in place", async () => {
    await using emulator = await startEmulator({ instances: [bot(1), bot(2), bot(3)] });
    await using stack = await createStack(lookup, emulator.environment);
    await succeed(stack, ["up", "--yes", "--skip-preview"]);
    assert.deepEqual(await outputs(stack), { ids: ["bot-1", "bot-2", "bot-3"], total: 3 });
    await succeed(stack, ["up", "--yes", "--skip-preview", "--expect-no-changes"]);

    emulator.remove("bot-3");
    emulator.add(bot(4));
    const step = await previewStep(stack);
    assert.equal(step?.op, "update");
    assert.deepEqual(
      Object.keys(step.detailedDiff ?? {}).filter((path) => !path.startsWith("instances")),
      ["ids[2]", "names[2]"],
    );
    await succeed(stack, ["up", "--yes", "--skip-preview"]);
    assert.deepEqual((await outputs(stack)).ids, ["bot-1", "bot-2", "bot-4"]);

    await succeed(stack, ["config", "set", "args", JSON.stringify({ nameRegex: "3" })]);
    assert.equal((await previewStep(stack))?.op, "update");
  });

  it("detects drift in a refresh, and the next preview shows no changes", async () => {
    await using emulator = await startEmulator({ instances: [bot(1), bot(2)] });
    await using stack = await createStack(lookup, emulator.environment);
    await succeed(stack, ["up", "--yes", "--skip-preview"]);
    emulator.remove("bot-2");
    const { text } = await succeed(stack, ["refresh", "--yes", "--skip-preview", "--diff"]);
    assert.match(text, /bot-2/);
    await succeed(stack, ["preview", "--expect-no-changes"]);
  });

  it("fails a preview with a clear error, keeps the state, and is destroyed without the service", async () => {
    const emulator = await startEmulator({ instances: [bot(1)] });
    await using stack = await createStack(lookup, emulator.environment);
    await succeed(stack, ["up", "--yes", "--skip-preview"]);
    const before = await lookupState(stack);

    emulator.setFaults(forbidden);
    const failed = await stack.run(["preview"]);
    assert.ok(!failed.ok);
    assert.match(failed.text, /resource 'bots' has a problem: .*Forbidden\.RAM/);
    assert.doesNotMatch(failed.text, /\n\s+at /);
    const refused = await stack.run(["refresh", "--yes", "--skip-preview"]);
    assert.ok(!refused.ok);
    assert.match(refused.text, /Forbidden\.RAM/);
    assert.doesNotMatch(refused.text, /\n\s+at /);
    assert.deepEqual(await lookupState(stack), before);

    await emulator.close();
    await succeed(stack, ["config", "set", "outboundbot:endpoint", "http://nowhere.invalid"]);
    await succeed(stack, ["destroy", "--yes", "--skip-preview"], {});
  });

  it("is unknown while an argument is unknown, and known after the update", async () => {
    const program = `
      const pulumi = require("@pulumi/pulumi");
      const { InstanceLookup } = require("pulumi-outboundbot");
      class Tag extends pulumi.dynamic.Resource {
        constructor(name) {
          super({ async create() { return { id: "tag", outs: { value: "prod" } }; } }, name, { value: undefined });
        }
      }
      const bots = new InstanceLookup("bots", { tags: { env: new Tag("tag").value } });
      exports.ids = bots.ids;
    `;
    const instance = { ...bot(1), ResourceTags: [{ Key: "env", Value: "prod" }] };
    await using emulator = await startEmulator({ instances: [instance, bot(2)] });
    await using stack = await createStack(program, emulator.environment);
    await succeed(stack, ["preview"]);
    assert.equal(emulator.counters.calls, 0);
    await succeed(stack, ["up", "--yes", "--skip-preview"]);
    assert.deepEqual((await outputs(stack)).ids, ["bot-1"]);
  });

  it("keeps the result of a secret argument secret", async () => {
    const program = `
      const pulumi = require("@pulumi/pulumi");
      const { InstanceLookup } = require("pulumi-outboundbot");
      exports.ids = new InstanceLookup("bots", { nameRegex: pulumi.secret("Bot") }).ids;
    `;
    await using emulator = await startEmulator({ instances: [bot(1)] });
    await using stack = await createStack(program, emulator.environment);
    await succeed(stack, ["up", "--yes", "--skip-preview"]);
    emulator.add(bot(2));
    const preview = await succeed(stack, ["preview", "--diff"]);
    const state = await succeed(stack, ["stack", "export"]);
    assert.doesNotMatch(preview.text + state.text, /bot-\d|Bot/);
  });

  it("looks up 5,000 instances", async () => {
    await using emulator = await startEmulator({ count: 5_000 });
    await using stack = await createStack(lookup, emulator.environment);
    await succeed(stack, ["up", "--yes", "--skip-preview"]);
    const { ids, total } = await outputs(stack);
    assert.equal(new Set(ids).size, 5_000);
    assert.equal(total, 5_000);
  });

  it("shows no secret in the state, a preview, an error or the provider's output", async () => {
    const secret = "PLANTED-secret-5f0a";
    const token = "PLANTED-token-77c1";
    await using emulator = await startEmulator({
      accessKeySecret: secret,
      securityToken: token,
      instances: [bot(1)],
    });
    await using stack = await createStack(lookup, {});
    for (const [key, value] of Object.entries({
      accessKey: emulator.accessKeyId,
      secretKey: secret,
      securityToken: token,
    })) {
      await succeed(stack, ["config", "set", "--secret", `outboundbot:${key}`, value]);
    }
    await succeed(stack, ["config", "set", "outboundbot:endpoint", emulator.endpoint]);
    const runs = [
      await succeed(stack, ["up", "--yes", "--diff"]),
      await succeed(stack, ["preview", "--diff", "--json"]),
      await succeed(stack, ["stack", "export"]),
      await succeed(stack, ["refresh", "--yes", "--debug"]),
    ];
    emulator.setFaults(forbidden);
    runs.push(await stack.run(["preview"]), await stack.run(["refresh", "--yes"]));
    await succeed(stack, ["config", "set", "args", JSON.stringify({ secretKey: secret, endpoint: 7 })]);
    runs.push(await stack.run(["preview"]));
    for (const { text } of runs) {
      assert.doesNotMatch(text, /PLANTED/);
    }
    assert.doesNotMatch(runs[2]?.text ?? "", /lookUp|async function/);
  });
});
