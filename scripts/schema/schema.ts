// The plugin's schema, made of the TypeScript types and their doc comments, the table of settings, and the examples.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { settings, settingTypes } from "./settings.js";
import { type ObjectShape, TypeReader } from "./typeReader.js";

const root = join(__dirname, "../..");
const examples = join(root, "docs/schema-examples");

/** The schema as it is written to src/plugin/schema.json. */
export function makeSchema(): object {
  const reader = new TypeReader(root);
  const instance = reader.shape("src/lists/instances.ts", "Instance");
  const variables = settings();
  return {
    name: "outboundbot",
    displayName: "Alibaba Cloud OutboundBot",
    description: "Looks up Alibaba Cloud OutboundBot instances by tag, every page of them.",
    keywords: ["pulumi", "alicloud", "outboundbot", "category/cloud", "kind/native"],
    license: "Apache-2.0",
    language: languages,
    config: { variables },
    types: {
      "outboundbot:index:Instance": {
        description: reader.description("src/lists/instances.ts", "Instance").join("\n\n"),
        ...objectType(instance),
      },
      ...Object.fromEntries(
        Object.entries(settingTypes).map(([token, { description, ...shape }]) => [
          token,
          { description, ...objectType(shape) },
        ]),
      ),
    },
    provider: {
      description:
        "Says where to look and as whom. For each setting the first of these counts that has it: the provider's own, the stack's `outboundbot:` configuration, the environment. A provider with credentials of its own heeds none of the stack's.",
      inputProperties: variables,
    },
    functions: {
      "outboundbot:index:getInstances": {
        description: withExamples(
          reader.description("src/pulumi/instances.ts", "getInstances"),
          "getInstances",
        ),
        inputs: objectType(reader.shape("src/lists/instances.ts", "GetInstancesArgs")),
        outputs: objectType(reader.shape("src/lists/instances.ts", "GetInstancesResult")),
      },
      "outboundbot:index:getInstance": {
        description: withExamples(
          reader.description("src/pulumi/instances.ts", "getInstance"),
          "getInstance",
        ),
        inputs: objectType(reader.shape("src/lists/instances.ts", "GetInstanceArgs")),
        outputs: objectType(instance),
      },
    },
    resources: { "outboundbot:index:InstanceLookup": lookupResource(reader) },
  };
}

function lookupResource(reader: TypeReader): object {
  const file = "src/pulumi/instanceLookup.ts";
  const { properties: arguments_ } = reader.shape("src/lists/instances.ts", "GetInstanceArgs");
  const { ids, ...others } = arguments_;
  const outputs = reader.shape(file, "InstanceLookup");
  // What the class says of the option is about its own translation of names, which the plugin does not make.
  const paragraphs = reader
    .description(file, "InstanceLookup")
    .filter((text) => !text.includes("ignoreChanges"));
  return {
    description: withExamples(
      [
        ...paragraphs,
        "The option `ignoreChanges` with `instancesById` keeps the instances that were found before.",
      ],
      "InstanceLookup",
    ),
    ...objectType(outputs),
    inputProperties: {
      ...others,
      onlyIds: {
        ...ids,
        description: `${ids?.description} It is the argument \`ids\` of \`getInstances\`: here the result has that name.`,
      },
    },
    // The resource of the same name that a TypeScript program has without the plugin.
    aliases: [{ type: "pulumi-nodejs:dynamic/outboundbot:InstanceLookup" }],
  };
}

function objectType({ properties, required }: ObjectShape): object {
  return { type: "object", properties, ...(required.length > 0 ? { required } : {}) };
}

function withExamples(paragraphs: readonly string[], name: string): string {
  return [...paragraphs, readFileSync(join(examples, `${name}.md`), "utf8").trim()].join("\n\n");
}

const languages = {
  nodejs: { packageName: "pulumi-outboundbot-sdk", respectSchemaVersion: true },
  python: {
    packageName: "pulumi_outboundbot",
    pyproject: { enabled: true },
    inputTypes: "classes-and-dicts",
    respectSchemaVersion: true,
  },
  // A module that is never fetched: `pulumi package add` makes it in the program's own folder.
  go: {
    importBasePath: "example.com/pulumi-outboundbot/sdk/go/outboundbot",
    rootPackageName: "outboundbot",
    generateResourceContainerTypes: true,
    respectSchemaVersion: true,
  },
  csharp: { rootNamespace: "Pulumi", namespaces: { outboundbot: "OutboundBot" }, respectSchemaVersion: true },
  java: { basePackage: "com.pulumi", packages: { outboundbot: "outboundbot" } },
};
