import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { type Emulator, startEmulator } from "../../src/emulator/index.js";
import { createStack, needsEngine, whyPending } from "../helpers/engine.js";
import { endAll, standIn } from "../helpers/standIn.js";

/**
 * A provider in its own process. It constructs a component whose children the program can't see, and creates its bots late, by a
 * request to the test.
 */
const provider = `#!/usr/bin/env node
  const pulumi = require("@pulumi/pulumi");
  const { setTimeout } = require("node:timers/promises");
  class Team extends pulumi.ComponentResource {
    constructor(name, { size }, opts) {
      super("teams:index:Team", name, {}, opts);
      pulumi.output(size).apply((size) => {
        for (let bot = 1; bot <= size; bot++) {
          new pulumi.CustomResource("teams:index:Bot", name + "-" + bot, {}, { parent: this });
        }
      });
    }
  }
  const resources = { "teams:index:Team": { isComponent: true }, "teams:index:Bot": {} };
  pulumi.provider.main(
    {
      version: "1.0.0",
      getSchema: async () => JSON.stringify({ name: "teams", version: "1.0.0", resources }),
      construct: async (name, _type, inputs, options) => ({ urn: new Team(name, inputs, options).urn, state: {} }),
      check: async (_urn, _olds, inputs) => ({ inputs }),
      diff: async () => ({ changes: false }),
      async create(urn, outs) {
        await setTimeout(300);
        const id = urn.split("::").at(-1);
        await fetch(process.env.CREATED + "/" + id);
        return { id, outs };
      },
      delete: async () => {},
    },
    process.argv.slice(2),
  );
`;

const declarations = `
  const pulumi = require("@pulumi/pulumi");
  const { getInstanceOutput, getInstancesOutput } = require("pulumi-outboundbot");
  class Team extends pulumi.ComponentResource {
    constructor(name, args, opts) {
      super("teams:index:Team", name, args, opts, true);
    }
  }
  class Bot extends pulumi.CustomResource {
    constructor(name, args, opts) {
      super("teams:index:Bot", name, args, opts);
    }
  }
  class Department extends pulumi.ComponentResource {
    constructor(name, opts, declare) {
      super("local:index:Department", name, {}, opts);
      declare(this);
    }
  }
`;

/** Every kind of `dependsOn`, with a lookup that finds too little if it runs too early. */
const program = `
  const find = (dependsOn, nameRegex) => getInstancesOutput({ nameRegex }, { dependsOn }).ids;
  exports.remote = find(new Team("remote", { size: 2 }), "^remote-");

  // Declared late, because it needs an output of another resource.
  const first = new Bot("first", {});
  const outer = new Department("outer", {}, (outer) => {
    new Department("inner", { parent: outer }, (inner) => {
      new Team("nested", { size: 1, after: first.id }, { parent: inner });
    });
  });
  exports.nested = find([outer], "^nested-");

  const local = new Department("local", {}, (parent) => new Bot("member", {}, { parent }));
  exports.local = getInstanceOutput({ nameRegex: "^member$" }, { dependsOn: local }).apply(({ id }) => [id]);

  const mixed = [
    pulumi.output(new Team("mixed", { size: 1 })),
    Promise.resolve(new Department("promised", {}, (parent) => new Bot("mixed-2", {}, { parent }))),
    new Bot("mixed-3", {}),
  ];
  exports.mixed = find(mixed, "^mixed-");
`;

describe(`dependsOn on a real engine${whyPending}`, function () {
  this.timeout(240_000);
  before(needsEngine);
  afterEach(endAll);

  interface Tried {
    readonly emulator: Emulator;
    succeed(...args: string[]): Promise<string>;
    outputs(): Promise<unknown>;
  }

  async function attempt(program: string, use: (tried: Tried) => Promise<void>): Promise<void> {
    await using emulator = await startEmulator({ instances: [] });
    const created = await standIn(({ path }) => {
      const id = path.slice(1);
      emulator.add({ InstanceId: id, InstanceName: id, CreationTime: 1_578_469_042_851 });
      return { body: "" };
    });
    await using stack = await createStack(declarations + program, {});
    await writeFile(join(stack.folder, "pulumi-resource-teams"), provider, { mode: 0o755 });
    const environment = {
      ...emulator.environment,
      CREATED: created.origin,
      PATH: [stack.folder, process.env.PATH].join(delimiter),
    };
    const succeed = async (...args: string[]) => {
      const { ok, text, stdout } = await stack.run(args, environment);
      assert.ok(ok, text);
      return stdout;
    };
    const outputs = async (): Promise<unknown> => JSON.parse(await succeed("stack", "output", "--json"));
    await use({ emulator, succeed, outputs });
  }

  it("waits in the preview that creates the resources and in the update, and looks up in later previews", async () => {
    await attempt(program, async ({ emulator, succeed, outputs }) => {
      await succeed("preview");
      assert.equal(emulator.counters.calls, 0);
      await succeed("up", "--yes", "--skip-preview");
      assert.deepEqual(await outputs(), {
        remote: ["remote-1", "remote-2"],
        nested: ["nested-1"],
        local: ["member"],
        mixed: ["mixed-1", "mixed-2", "mixed-3"],
      });
      const { calls } = emulator.counters;
      await succeed("preview", "--expect-no-changes");
      assert.ok(emulator.counters.calls > calls, "a preview looks up what exists");
      await succeed("destroy", "--yes", "--skip-preview");
    });
  });

  it("waits for a new child of an existing component", async () => {
    const program = `
      const size = Number(new pulumi.Config().require("size"));
      const dependsOn = new Team("team", { size });
      exports.ids = getInstancesOutput({}, { dependsOn }).ids;`;
    await attempt(program, async ({ emulator, succeed, outputs }) => {
      await succeed("config", "set", "size", "1");
      await succeed("up", "--yes", "--skip-preview");
      await succeed("config", "set", "size", "2");
      const { calls } = emulator.counters;
      await succeed("preview");
      assert.equal(emulator.counters.calls, calls);
      await succeed("up", "--yes", "--skip-preview");
      assert.deepEqual(await outputs(), { ids: ["team-1", "team-2"] });
    });
  });

  it("runs no lookup after a component that --target excludes", async () => {
    const program = `
      new Bot("single", {});
      exports.ids = getInstancesOutput({}, { dependsOn: new Team("team", { size: 1 }) }).ids;`;
    await attempt(program, async ({ emulator, succeed }) => {
      await succeed("up", "--yes", "--skip-preview", "--target", "**single");
      assert.deepEqual(
        emulator.instances.map(({ InstanceId }) => InstanceId),
        ["single"],
      );
      assert.equal(emulator.counters.calls, 0);
    });
  });
});
