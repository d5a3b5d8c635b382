import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { startEmulator } from "../../src/emulator/index.js";
import { run } from "../helpers/child.js";
import { engine, needsEngine, whyPending } from "../helpers/engine.js";
import { installProject } from "../helpers/installed.js";

/** Deploys inline programs, and prints for each the names of its resources or its failure. */
const script = `
  const pulumi = require("@pulumi/pulumi");
  const { LocalWorkspace } = require("@pulumi/pulumi/automation");
  const { getInstance, getInstances, getInstancesOutput, InstanceLookup } = require("pulumi-outboundbot");
  class Leaf extends pulumi.ComponentResource {
    constructor(name) { super("test:index:Leaf", name); }
  }
  class Team extends pulumi.ComponentResource {
    constructor(name) { super("leaves:index:Team", name, {}, {}, true); }
  }
  const leaves = ({ ids }) => void ids.map((id) => new Leaf(id));
  const programs = {
    outputForm: async () => void getInstancesOutput().ids.apply((ids) => leaves({ ids })),
    directForm: async () => void getInstances().then(leaves),
    lookup: async () => void new InstanceLookup("bots").ids.apply((ids) => leaves({ ids })),
    component: async () => void new Team("team"),
  };
  const failing = {
    unusedFailure: async () => void getInstancesOutput({ nameRegex: "(" }),
    unusedDirectFailure: async () => void getInstance(),
    unknownTag: async () => void new InstanceLookup("bots", { tags: { env: pulumi.output(undefined) } }),
  };
  async function deploy([stackName, program]) {
    const stack = await LocalWorkspace.createOrSelectStack({ stackName, projectName: "inline", program });
    try {
      await stack.up();
      const { deployment } = await stack.exportStack();
      return [stackName, deployment.resources.map(({ urn }) => urn.split("::")[3]).filter((name) => /^bot/.test(name)).sort()];
    } catch (error) {
      return [stackName, /error: (.*)/.exec(error.message)?.[1]];
    }
  }
  async function main() {
    const results = await Promise.all(Object.entries(programs).map(deploy));
    // The SDK reports a failure that nothing handles to every program of the process.
    for (const program of Object.entries(failing)) {
      results.push(await deploy(program));
    }
    console.log(JSON.stringify(Object.fromEntries(results)));
  }
  main();
`;

/** A provider in its own process, whose component declares its children once a lookup is done. */
const provider = `#!/usr/bin/env node
  const pulumi = require("@pulumi/pulumi");
  const { getInstancesOutput } = require("pulumi-outboundbot");
  class Team extends pulumi.ComponentResource {
    constructor(name, opts) {
      super("leaves:index:Team", name, {}, opts);
      getInstancesOutput().ids.apply((ids) => {
        for (const id of ids) {
          new pulumi.ComponentResource("test:index:Leaf", id, {}, { parent: this });
        }
      });
    }
  }
  pulumi.provider.main(
    {
      version: "1.0.0",
      getSchema: async () =>
        JSON.stringify({ name: "leaves", version: "1.0.0", resources: { "leaves:index:Team": { isComponent: true } } }),
      construct: async (name, _type, _inputs, opts) => ({ urn: new Team(name, opts).urn, state: {} }),
    },
    process.argv.slice(2),
  );
`;

describe(`inline programs on a real engine${whyPending}`, function () {
  this.timeout(240_000);
  before(needsEngine);

  it("keep what is declared after a lookup, several stacks at once, and fail with a lookup that nothing uses", async () => {
    await using emulator = await startEmulator({
      instances: [{ InstanceId: "bot-1" }, { InstanceId: "bot-2" }],
      latency: 300,
    });
    await using project = await installProject("npm", { "inline.js": script });
    await mkdir(join(project.folder, "state"));
    await writeFile(join(project.folder, "pulumi-resource-leaves"), provider, { mode: 0o755 });
    const { status, stdout, stderr } = await run(process.execPath, ["inline.js"], {
      cwd: project.folder,
      env: {
        PATH: [project.folder, dirname(engine ?? ""), process.env.PATH].join(delimiter),
        HOME: project.folder,
        PULUMI_HOME: join(project.folder, "home"),
        PULUMI_BACKEND_URL: `file://${join(project.folder, "state")}`,
        PULUMI_CONFIG_PASSPHRASE: "",
        PULUMI_SKIP_UPDATE_CHECK: "1",
        ALIBABA_CLOUD_ECS_METADATA_DISABLED: "true",
        ...emulator.environment,
      },
      timeout: 200_000,
    });
    assert.equal(status, 0, stderr);
    const found = ["bot-1", "bot-2"];
    const { unusedFailure, unusedDirectFailure, unknownTag, ...created } = JSON.parse(stdout);
    assert.deepEqual(created, {
      outputForm: found,
      directForm: found,
      lookup: [...found, "bots"],
      component: found,
    });
    assert.match(unusedFailure, /^getInstances: nameRegex is not a valid RE2 regular expression/);
    assert.match(unusedDirectFailure, /^getInstance: 2 instances found without arguments, expected one/);
    assert.match(unknownTag, /InstanceLookup: tags\.env must be a string, got undefined/);
  });
});
