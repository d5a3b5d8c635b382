import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { goImportPath, makeSchema } from "../../scripts/schema/schema.js";
import { instances } from "../../src/lists/instances.js";
import { outboundCallNumbers } from "../../src/lists/outboundCallNumbers.js";
import { scripts } from "../../src/lists/scripts.js";
import { argumentNames } from "../../src/lookup/checkArguments.js";
import { functions } from "../../src/lookup/functions.js";
import { settingKeys } from "../../src/settings/settingKeys.js";

interface Schema {
  readonly config: { readonly variables: Record<string, { readonly secret?: boolean }> };
  readonly provider: { readonly inputProperties: object };
  readonly functions: Record<
    string,
    { readonly description: string; readonly inputs: { readonly properties: object } }
  >;
  readonly resources: Record<string, { readonly description: string; readonly inputProperties: object }>;
}

const schema: Schema = JSON.parse(readFileSync("src/plugin/schema.json", "utf8"));

describe("the plugin's schema", () => {
  it("matches the types: names, types, required properties, descriptions", () => {
    // If this fails, the types or their comments have changed: run `npm run schema`.
    assert.deepEqual(schema, JSON.parse(JSON.stringify(makeSchema())));
  });

  it("derives publisher, download address and the Go import path from the repository", () => {
    const repository = "https://github.com/somebody/pulumi-outboundbot";
    const { language, ...published } = JSON.parse(JSON.stringify(makeSchema(repository)));
    const { language: languages, ...unpublished } = JSON.parse(JSON.stringify(schema));
    assert.deepEqual(published, {
      ...unpublished,
      homepage: repository,
      repository,
      publisher: "somebody",
      logoUrl: "https://raw.githubusercontent.com/somebody/pulumi-outboundbot/main/docs/logo.png",
      pluginDownloadURL: "github://api.github.com/somebody/pulumi-outboundbot",
    });
    const importBasePath = "github.com/somebody/pulumi-outboundbot/sdk/go/outboundbot";
    assert.deepEqual(language, { ...languages, go: { ...languages.go, importBasePath } });
  });

  it("has the major version in the Go import path from version 2 on", () => {
    const repository = "https://github.com/somebody/pulumi-outboundbot";
    assert.equal(
      goImportPath(repository, "1.9.0"),
      "github.com/somebody/pulumi-outboundbot/sdk/go/outboundbot",
    );
    assert.equal(
      goImportPath(repository, "12.0.0"),
      "github.com/somebody/pulumi-outboundbot/sdk/go/v12/outboundbot",
    );
  });

  it("has every checked argument", () => {
    const names: Record<string, string[]> = {
      getInstances: argumentNames(instances, "getInstances"),
      getInstance: argumentNames(instances, "getInstance"),
      getScripts: argumentNames(scripts, "getScripts"),
      getScript: argumentNames(scripts, "getScript"),
      getOutboundCallNumbers: argumentNames(outboundCallNumbers, "getOutboundCallNumbers"),
    };
    assert.deepEqual([...functions.keys()], Object.keys(names));
    assert.deepEqual(
      Object.keys(schema.functions),
      Object.keys(names).map((name) => `outboundbot:index:${name}`),
    );
    for (const [called, expected] of Object.entries(names)) {
      const inputs = schema.functions[`outboundbot:index:${called}`]?.inputs.properties;
      assert.deepEqual(Object.keys(inputs ?? {}).sort(), expected.sort());
    }
    const inputs = schema.resources["outboundbot:index:InstanceLookup"]?.inputProperties;
    const ofLookup = argumentNames(instances, "InstanceLookup").map((name) =>
      name === "ids" ? "onlyIds" : name,
    );
    assert.deepEqual(Object.keys(inputs ?? {}).sort(), ofLookup.sort());
  });

  it("has every setting, and marks the secret ones", () => {
    assert.deepEqual(Object.keys(schema.config.variables), Object.keys(settingKeys));
    assert.deepEqual(schema.provider.inputProperties, schema.config.variables);
    const secret = Object.entries(schema.config.variables).filter(([, variable]) => variable.secret);
    const declared = Object.entries(settingKeys).filter(([, key]) => key.secret);
    assert.deepEqual(
      secret.map(([name]) => name),
      declared.map(([name]) => name),
    );
  });

  it("has an example in every language for each resource and function", () => {
    for (const { description } of [...Object.values(schema.functions), ...Object.values(schema.resources)]) {
      const [, examples = ""] = description.split("{{% examples %}}");
      const languages = [...examples.matchAll(/^```([a-z]+)$/gm)].map(([, language]) => language);
      assert.deepEqual(languages, ["typescript", "python", "go", "csharp", "java", "yaml", "hcl"]);
      assert.match(examples, /\{\{% \/example %\}\}\n\{\{% \/examples %\}\}$/);
    }
  });

  it("describes every property", () => {
    const text = JSON.stringify(schema);
    assert.doesNotMatch(text, /"description":""/);
    assert.doesNotMatch(text, /undefined/);
    // Descriptions must not contain typedoc tags.
    assert.doesNotMatch(text, /\{@/);
  });
});
