import assert from "node:assert/strict";
import { startEmulator } from "../../src/emulator/index.js";
import { createStack, needsEngine, type Stack, whyPending } from "../helpers/engine.js";

/** A lookup for each result name and option, and for each place that can set the option. */
const program = `
  const pulumi = require("@pulumi/pulumi");
  const { InstanceLookup } = require("pulumi-outboundbot");
  class Parent extends pulumi.ComponentResource {
    constructor(name, opts) { super("test:index:Parent", name, {}, opts); }
  }
  const isLookup = ({ type }) => type.endsWith(":InstanceLookup");
  const change = (option) => (args) => {
    if (!isLookup(args)) {
      return undefined;
    }
    return option === undefined
      ? { props: { ...args.props, tags: pulumi.secret(args.props.tags) }, opts: args.opts }
      : { props: args.props, opts: { ...args.opts, ...option } };
  };
  function declare(name, option) {
    const args = { tags: { env: "prod" } };
    const places = {
      transform: { transforms: [change(option)] },
      transformation: { transformations: [change(option)] },
      parent: { parent: new Parent(name + "-parent", { transforms: [change(option)] }) },
      ofParent: { parent: new Parent(name + "-ofParent", { transformations: [change(option)] }) },
    };
    for (const [place, opts] of Object.entries(places)) {
      exports[name + "-" + place] = new InstanceLookup(name + "-" + place, args, opts).instances;
    }
    return (opts) => {
      exports[name] = new InstanceLookup(name, args, opts).instances;
    };
  }
  const ofStack = change();
  pulumi.runtime.registerResourceTransform((args) => args.name === "secret" ? ofStack(args) : undefined);
  declare("secret")();
  for (const result of ["ids", "names", "instances", "totalCount"]) {
    for (const option of ["additionalSecretOutputs", "replaceOnChanges", "ignoreChanges"]) {
      const value = { [option]: [result] };
      declare(option + "-" + result, value)(value);
    }
    // The SDK's transforms don't support it.
    new InstanceLookup("hideDiffs-" + result, { tags: { env: "prod" } }, { hideDiffs: [result] });
  }
`;

const bots = [1, 2, 3].map((number) => ({
  InstanceId: `bot-${number}`,
  InstanceName: `Name ${number}`,
  CreationTime: 1_578_469_042_851 + number,
  ResourceTags: [{ Key: "env", Value: "prod" }],
}));

async function succeed(stack: Stack, ...args: string[]): Promise<string> {
  const { ok, text, stdout } = await stack.run(args);
  assert.ok(ok, text);
  return stdout;
}

describe(`options of an InstanceLookup on a real engine${whyPending}`, function () {
  this.timeout(240_000);
  before(needsEngine);

  interface Resource {
    readonly urn: string;
    readonly type: string;
  }

  const nameOf = ({ urn }: Resource) => urn.split("::")[3] ?? "";
  const isSecret = (name: string) => /^(secret|additionalSecretOutputs)/.test(name);

  async function lookups(stack: Stack): Promise<Resource[]> {
    const { deployment }: { deployment: { resources: Resource[] } } = JSON.parse(
      await succeed(stack, "stack", "export"),
    );
    return deployment.resources.filter(({ type }) => type.endsWith(":InstanceLookup"));
  }

  it("apply to each part of the result, wherever they are set", async () => {
    await using emulator = await startEmulator({ instances: bots });
    await using stack = await createStack(program, emulator.environment);
    const plain = /bot-\d|Name \d/;
    const assertSecrets = async () => {
      const resources = await lookups(stack);
      assert.equal(resources.length, 5 * (1 + 3 * 4) + 4);
      for (const resource of resources) {
        assert.equal(plain.test(JSON.stringify(resource)), !isSecret(nameOf(resource)), nameOf(resource));
      }
      const outputs: object = JSON.parse(await succeed(stack, "stack", "output", "--json"));
      for (const [name, value] of Object.entries(outputs)) {
        assert.equal(plain.test(JSON.stringify(value)), !isSecret(name), name);
      }
    };
    await succeed(stack, "up", "--yes", "--skip-preview");
    await assertSecrets();

    emulator.remove("bot-1");
    const { steps }: { steps: { op: string; urn: string }[] } = JSON.parse(
      await succeed(stack, "preview", "--json"),
    );
    const ops = new Map(steps.map(({ op, urn }) => [urn.split("::")[3] ?? "", op]));
    for (const resource of await lookups(stack)) {
      const name = nameOf(resource);
      const kept = /^ignoreChanges-(ids|names|instances)/.test(name);
      const expected = kept ? undefined : name.startsWith("replaceOnChanges") ? "replace" : "update";
      assert.equal(ops.get(name) === "same" ? undefined : ops.get(name), expected, name);
    }
    const shown = (await succeed(stack, "preview", "--diff")).split("dynamic/outboundbot:InstanceLookup: ");
    for (const text of shown) {
      const name = /InstanceLookup::(.*)\]/.exec(text)?.[1] ?? "";
      assert.ok(!isSecret(name) || !plain.test(text.split("--outputs:--")[0] ?? ""), text);
      const hidden = /^hideDiffs-(.*)/.exec(name)?.[1];
      assert.ok(hidden === undefined || text.includes(`${hidden} (hidden)`), text);
    }

    await succeed(stack, "refresh", "--yes", "--skip-preview");
    await assertSecrets();
    await succeed(stack, "up", "--yes", "--skip-preview", "--expect-no-changes");
    await succeed(stack, "destroy", "--yes", "--skip-preview");
  });

  it("has no result while --target excludes a lookup that doesn't exist", async () => {
    await using emulator = await startEmulator({ instances: bots });
    const excluded = `
      const { InstanceLookup } = require("pulumi-outboundbot");
      new InstanceLookup("one", {});
      const other = new InstanceLookup("other", {});
      other.ids.apply((ids) => console.log("ids are", JSON.stringify(ids)));
      exports.others = [other.ids, other.names, other.instances, other.totalCount];`;
    await using stack = await createStack(excluded, emulator.environment);
    for (const option of ["--target=**::one", "--exclude=**::other"]) {
      const printed = await succeed(stack, "up", "--yes", "--skip-preview", option);
      assert.doesNotMatch(printed, /ids are \[/);
      assert.deepEqual((await lookups(stack)).map(nameOf), ["one"]);
    }
  });
});
