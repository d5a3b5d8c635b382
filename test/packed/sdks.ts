// Installs and imports each SDK as its users do, and rehearses publishing it. Downloads the dependencies of
// the SDKs from npm, PyPI and the Go proxy.
import assert from "node:assert/strict";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import manifest from "../../package.json";
import { goImportPath } from "../../scripts/schema/schema.js";
import { root } from "../helpers/child.js";
import { needsEngine, whyPending } from "../helpers/engine.js";
import { hasHost } from "../helpers/languages.js";
import { output, temporaryFolder } from "../helpers/managers.js";
import { npm } from "../helpers/npm.js";

const python = process.env.OUTBOUNDBOT_PYTHON ?? "python3";
const { version } = manifest;

/** The names in the schema, which each SDK has. */
const names = ["Provider", "InstanceLookup", "getInstance", "getInstances"];

/** Packs one SDK. @returns its folder under build/. */
async function packed(this: Mocha.Context, language: string, target: string): Promise<string> {
  if (!hasHost(language)) {
    assert.notEqual(
      process.env.REQUIRE_PULUMI,
      "1",
      `REQUIRE_PULUMI=1, but there is no pulumi-language-${language}`,
    );
    this.skip();
  }
  await output(process.execPath, [join(root, "scripts", "sdks.mjs"), language]);
  return join(root, "build", target);
}

function only(folder: string, ending: string): string {
  const [name = "", ...others] = readdirSync(folder).filter((file) => file.endsWith(ending));
  assert.deepEqual(others, []);
  return join(folder, name);
}

describe(`the packed SDKs${whyPending}`, function () {
  this.timeout(600_000);
  before(needsEngine);

  it("for npm can be published, installed and imported", async function () {
    const tarball = only(await packed.call(this, "nodejs", "npm"), ".tgz");
    const [publish, ...dryRun] = npm("publish", "--dry-run", "--access", "public", tarball);
    await output(publish, dryRun);
    const project = temporaryFolder("sdk");
    writeFileSync(join(project, "package.json"), "{}");
    const pulumi = `@pulumi/pulumi@${manifest.dependencies["@pulumi/pulumi"]}`;
    const [command, ...install] = npm(
      "install",
      "--ignore-scripts",
      "--no-audit",
      "--no-fund",
      tarball,
      pulumi,
    );
    await output(command, install, { cwd: project });
    const program = `const sdk = require("pulumi-outboundbot-sdk");
      console.log(require("pulumi-outboundbot-sdk/package.json").version, ${JSON.stringify(names)}.map((name) => typeof sdk[name]).join());`;
    assert.equal(
      await output(process.execPath, ["--eval", program], { cwd: project }),
      `${version} ${names.map(() => "function").join()}\n`,
    );
  });

  it("for PyPI have valid metadata, and can be installed and imported", async function () {
    const folder = await packed.call(this, "python", "python");
    await output(python, ["-m", "twine", "check", "--strict", only(folder, ".whl"), only(folder, ".tar.gz")]);
    const environment = join(temporaryFolder("sdk"), "venv");
    await output(python, ["-m", "venv", environment]);
    const installed = join(environment, process.platform === "win32" ? "Scripts" : "bin", "python");
    await output(installed, ["-m", "pip", "install", "--quiet", only(folder, ".whl")]);
    const program = `import importlib.metadata, pulumi_outboundbot as sdk
names = ["Provider", "InstanceLookup", "get_instance", "get_instances", "get_instances_output"]
print(importlib.metadata.version("pulumi-outboundbot"), [name for name in names if not callable(getattr(sdk, name))])`;
    assert.equal(await output(installed, ["-c", program]), `${version} []\n`);
  });

  it("for Go is a module that passes go vet and is imported", async function () {
    const folder = await packed.call(this, "go", "go");
    const project = temporaryFolder("sdk");
    const modulePath = goImportPath().replace(/\/outboundbot$/, "");
    writeFileSync(join(project, "go.mod"), "module program\n\ngo 1.25\n");
    writeFileSync(
      join(project, "main.go"),
      `package main\n\nimport "${goImportPath()}"\n\nfunc main() { _, _, _ = outboundbot.NewProvider, outboundbot.GetInstances, outboundbot.NewInstanceLookup }\n`,
    );
    const options = { cwd: project, env: { ...process.env, GOFLAGS: "-mod=mod" }, timeout: 500_000 };
    await output(
      "go",
      ["mod", "edit", `-require=${modulePath}@v${version}`, `-replace=${modulePath}=${folder}`],
      options,
    );
    await output("go", ["build", "-o", join(project, "program"), "."], options);
    await output("go", ["vet", `${modulePath}/...`], options);
    await output(join(project, "program"), []);
  });
});
