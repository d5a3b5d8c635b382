import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { startEmulator } from "../../src/emulator/index.js";
import { instanceLookup } from "../../src/lookup/functions.js";
import { needsEngine, type Run, whyPending } from "../helpers/engine.js";
import { createProject, hasHost, type LanguageProject } from "../helpers/languages.js";
import { sorted } from "../helpers/sorted.js";
import { endAll, standIn } from "../helpers/standIn.js";

const installed = "./node_modules/pulumi-outboundbot/plugin";

async function succeed(project: LanguageProject, args: readonly string[]): Promise<Run> {
  const run = await project.run(args);
  assert.ok(run.ok, run.text);
  return run;
}

async function outputs(project: LanguageProject): Promise<Record<string, unknown>> {
  return JSON.parse((await succeed(project, ["stack", "output", "--json", "--show-secrets"])).stdout);
}

/** Returns the folder of the plugin, which an engine also finds on PATH. */
function plugin({ folder }: LanguageProject): string {
  return join(folder, "node_modules/pulumi-outboundbot/plugin");
}

/** Adds the package and creates a stack, as in the examples' README. */
async function begin(project: LanguageProject): Promise<void> {
  await succeed(project, ["package", "add", installed]);
  await succeed(project, ["stack", "init", "test"]);
}

/** Warnings of npm during the plugin's installation don't count. */
const complaint = /warning|error|^warn:/im;

/** Returns the generator's output, without the message of Java's for every secret setting. */
async function generate(project: LanguageProject, source: string, language: string): Promise<string> {
  const out = join(project.folder, "sdk");
  const args = ["package", "gen-sdk", source, "--language", language, "--out", out];
  const { text } = await succeed(project, args);
  return text.replaceAll(
    /^WARN: secret property \w+ \(property of config\) does not have an Output type$/gm,
    "",
  );
}

const sameLookup = `
import json
import os
import pulumi
import pulumi_outboundbot as outboundbot

def provider(name):
    return outboundbot.Provider(
        name,
        endpoint=os.environ[name.upper()],
        access_key="emulator-access-key-id",
        secret_key="emulator-access-key-secret",
    )

def total(name):
    opts = pulumi.InvokeOutputOptions(provider=provider(name))
    return outboundbot.get_instances_output(opts=opts).total_count

pulumi.export("found", outboundbot.get_instances_output(tags={"env": "prod"}, page_size=9))
pulumi.export("one", total("one"))
pulumi.export("two", total("two"))
`;

describe(`the plugin on a real engine${whyPending}`, function () {
  this.timeout(600_000);
  before(needsEngine);
  afterEach(endAll);

  it("returns its schema without a warning from the engine", async () => {
    await using project = await createProject("yaml", {});
    const { text, stdout } = await succeed(project, ["package", "get-schema", installed]);
    assert.equal(JSON.parse(stdout).name, "outboundbot");
    assert.doesNotMatch(text.replace(stdout, ""), complaint);
  });

  for (const language of ["nodejs", "python", "go", "java"]) {
    it(`generates an SDK for ${language}`, async function () {
      if (!hasHost(language)) {
        this.skip();
      }
      await using project = await createProject("yaml", {});
      assert.doesNotMatch(await generate(project, installed, language), complaint);
    });
  }

  it("generates an SDK for dotnet, whose generator downloads a logo", async function () {
    if (!hasHost("dotnet")) {
      this.skip();
    }
    await using project = await createProject("yaml", {});
    const logo = await standIn(() => ({ body: "a logo" }));
    const { stdout } = await succeed(project, ["package", "get-schema", installed]);
    const schema = { ...JSON.parse(stdout), logoUrl: logo.origin };
    await writeFile(join(project.folder, "schema.json"), JSON.stringify(schema));
    assert.doesNotMatch(await generate(project, "./schema.json", "dotnet"), complaint);
  });

  for (const example of ["python", "go", "yaml", "hcl"] as const) {
    it(`runs examples/${example}`, async function () {
      if (!hasHost(example)) {
        this.skip();
      }
      await using emulator = await startEmulator({ count: 60 });
      await using project = await createProject(example, emulator.environment);
      await begin(project);
      await succeed(project, ["preview"]);
      await succeed(project, ["up", "--yes", "--skip-preview"]);
      const { productionIds, stagingIds, trackedIds } = await outputs(project);
      assert.equal(Object(productionIds).length > 0, true);
      assert.deepEqual(trackedIds, stagingIds);
      assert.notDeepEqual(productionIds, stagingIds);
      await succeed(project, ["up", "--yes", "--skip-preview", "--expect-no-changes"]);
      await succeed(project, ["destroy", "--yes", "--skip-preview"]);
    });
  }

  for (const [language, host] of [
    ["typescript", "nodejs"],
    ["python", "python"],
    ["go", "go"],
  ] as const) {
    it(`runs examples/yaml as converted to ${language} by pulumi convert`, async function () {
      if (!hasHost("yaml") || !hasHost(host)) {
        this.skip();
      }
      await using emulator = await startEmulator({ count: 60 });
      const project = await createProject("yaml", emulator.environment);
      await using _ = project;
      const environment = {
        ...emulator.environment,
        PATH: [plugin(project), process.env.PATH].join(delimiter),
      };
      const inProgram = async (...args: string[]) => {
        const run = await project.run([...args, "--cwd", "program"], environment);
        assert.ok(run.ok, run.text);
        return run.stdout;
      };
      const options = ["--from", "yaml", "--language", language, "--out", "program", "--generate-only"];
      const converted = await project.run(["convert", ...options], environment);
      assert.ok(converted.ok, converted.text);
      await inProgram("package", "add", plugin(project));
      await inProgram("stack", "init", "test");
      await inProgram("up", "--yes", "--skip-preview");
      const found = JSON.parse(await inProgram("stack", "output", "--json"));
      assert.equal(found.productionIds.length, 4);
      assert.deepEqual(found.trackedIds, found.stagingIds);
      assert.equal(found.stagingIds.length, 6);
    });
  }

  it("returns the same instances in Python, and keeps two explicit providers separate", async function () {
    if (!hasHost("python")) {
      this.skip();
    }
    await using emulator = await startEmulator({ count: 60 });
    await using other = await startEmulator({ count: 7 });
    const environment = { ...emulator.environment, ONE: emulator.endpoint, TWO: other.endpoint };
    await using project = await createProject("python", environment, { "__main__.py": sameLookup });
    await begin(project);
    await succeed(project, ["up", "--yes", "--skip-preview"]);
    const { found, one, two } = await outputs(project);
    assert.deepEqual([one, two], [60, 7]);
    const sources = { config: () => undefined, environment: emulator.environment };
    const args = { tags: { env: "prod" }, pageSize: 9 };
    const direct = await instanceLookup.all("getInstances", args, {
      sources,
      warn: () => {},
      progress: () => {},
    });
    assert.equal(sorted(found), sorted(direct));
    const { stdout } = await succeed(project, ["stack", "export"]);
    assert.doesNotMatch(stdout, /emulator-access-key-secret/);
  });
});
