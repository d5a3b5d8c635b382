// Makes the plugin's schema from the TypeScript types and their doc comments, the table of settings, and the examples.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import manifest from "../../package.json";
import { settings, settingTypes } from "./settings.js";
import { type ObjectShape, TypeReader } from "./typeReader.js";

const root = join(__dirname, "../..");
const examples = join(root, "docs/schema-examples");

/** The lists: their file in src/lists/ (and src/pulumi/, as instanceFunctions.ts), the types of an item, and the functions. */
const lists = [
  { file: "instances", types: ["Instance"], functions: ["getInstances", "getInstance"] },
  { file: "scripts", types: ["Script", "ScriptNluProfile"], functions: ["getScripts", "getScript"] },
  { file: "outboundCallNumbers", types: ["OutboundCallNumber"], functions: ["getOutboundCallNumbers"] },
] as const;

type List = (typeof lists)[number];

function itemTypes(reader: TypeReader, { file, types }: List): [string, object][] {
  return types.map((name) => [
    `outboundbot:index:${name}`,
    {
      description: reader.description(`src/lists/${file}.ts`, name).join("\n\n"),
      ...objectType(reader.shape(`src/lists/${file}.ts`, name)),
    },
  ]);
}

function functionsOf(reader: TypeReader, { file, types, functions }: List): [string, object][] {
  return functions.map((name) => {
    const type = name.charAt(0).toUpperCase() + name.slice(1);
    const description = reader.description(`src/pulumi/${file.replace(/s$/, "")}Functions.ts`, name);
    // The function that finds one item returns the item itself.
    const result = name.endsWith("s") ? `${type}Result` : types[0];
    return [
      `outboundbot:index:${name}`,
      {
        description: withExamples(description, name),
        inputs: objectType(reader.shape(`src/lists/${file}.ts`, `${type}Args`)),
        outputs: objectType(reader.shape(`src/lists/${file}.ts`, result)),
      },
    ];
  });
}

/**
 * Returns the schema for src/plugin/schema.json.
 *
 * @param repository - the URL of the repository, as `https://github.com/OWNER/NAME`. Default: the one in package.json.
 */
export function makeSchema(repository = repositoryUrl()): object {
  const reader = new TypeReader(root);
  const variables = settings();
  return {
    name: "outboundbot",
    displayName: "Alibaba Cloud OutboundBot",
    description: "Looks up Alibaba Cloud OutboundBot instances by tag.",
    keywords: ["pulumi", "alicloud", "outboundbot", "category/cloud", "kind/native"],
    license: "Apache-2.0",
    ...publication(repository),
    language: languages(goImportPath(repository)),
    config: { variables },
    types: {
      ...Object.fromEntries(lists.flatMap((list) => itemTypes(reader, list))),
      ...Object.fromEntries(
        Object.entries(settingTypes).map(([token, { description, ...shape }]) => [
          token,
          { description, ...objectType(shape) },
        ]),
      ),
    },
    provider: {
      description:
        "Sets the endpoint and the credentials of lookups. Each setting is read from the provider, then from the stack's `outboundbot:` configuration, then from the environment. A provider with its own credentials ignores those of the stack.",
      inputProperties: variables,
    },
    functions: {
      ...Object.fromEntries(lists.flatMap((list) => functionsOf(reader, list))),
    },
    resources: {
      "outboundbot:index:Instance": instanceResource(reader),
      "outboundbot:index:InstanceLookup": lookupResource(reader),
    },
  };
}

/** Returns the resource Instance, an existing bot. The bot's ID is the resource's, and there are no inputs. */
function instanceResource(reader: TypeReader): object {
  const { properties, required } = reader.shape("src/lists/instances.ts", "Instance");
  const { id: _, ...outputs } = properties;
  return {
    description: withExamples(
      [
        "An existing OutboundBot instance (a bot), read only. Get it by its ID, or import it: `pulumi import outboundbot:index:Instance NAME ID`.",
        "Creating the resource fails, because this provider doesn't create bots. Create the bot in the OutboundBot console or with the API operation CreateInstance, then import it. Deleting the resource removes it from the stack's state and doesn't change the bot.",
        "Each read lists the account's bots, because the API operation DescribeInstance returns neither tags nor isPreset. Concurrent reads share one listing.",
      ],
      "Instance",
    ),
    ...objectType({ properties: outputs, required: required.filter((name) => name !== "id") }),
    inputProperties: {},
    listInputs: objectType(reader.shape("src/lists/instances.ts", "ListInstancesArgs")),
  };
}

function lookupResource(reader: TypeReader): object {
  const file = "src/pulumi/instanceLookup.ts";
  const { properties: arguments_ } = reader.shape("src/lists/instances.ts", "GetInstanceArgs");
  const { ids, ...others } = arguments_;
  const outputs = reader.shape(file, "InstanceLookup");
  return {
    description: withExamples(reader.description(file, "InstanceLookup"), "InstanceLookup"),
    ...objectType(outputs),
    inputProperties: {
      ...others,
      onlyIds: {
        ...ids,
        description: `${ids?.description} This is the argument \`ids\` of \`getInstances\`; in this resource, \`ids\` is the result.`,
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

/** Returns the URL of the repository. package.json names none until its owner is known. */
function repositoryUrl(): string | undefined {
  const { repository }: { readonly name: string; readonly repository?: { readonly url: string } } = manifest;
  return repository?.url.replace(/^git\+/, "").replace(/\.git$/, "");
}

/** Returns the import path of the Go SDK, by Pulumi's rule. Without a repository, it is a module that is never downloaded. */
export function goImportPath(repository = repositoryUrl(), version: string = manifest.version): string {
  const root = repository?.replace("https://", "") ?? "example.com/pulumi-outboundbot";
  const major = Number.parseInt(version, 10);
  return `${root}/sdk/go${major > 1 ? `/v${major}` : ""}/outboundbot`;
}

/** Matches every import path of the Go SDK in a document or an example. */
export const anyGoImportPath =
  /(?:example\.com|github\.com\/[\w.-]+)\/pulumi-outboundbot\/sdk\/go(?:\/v\d+)?\/outboundbot/g;

/** Returns the address that the engine downloads the plugin from. */
export function pluginServer(repository = repositoryUrl()): string {
  const slug = repository?.replace("https://github.com/", "") ?? "OWNER/pulumi-outboundbot";
  return `github://api.github.com/${slug}`;
}

/** Matches every download address of the plugin in a document. */
export const anyPluginServer = /github:\/\/api\.github\.com\/[\w.-]+\/pulumi-outboundbot/g;

/** Returns the documents and programs that contain the import path of the Go SDK. */
export function goPrograms(): string[] {
  const documents = readdirSync(examples).map((name) => `docs/schema-examples/${name}`);
  return ["examples/go/main.go", "docs/_index.md", "docs/installation-configuration.md", ...documents];
}

/** Returns the metadata for Pulumi's registry, and the plugin's download address. */
function publication(repository: string | undefined): object {
  if (repository === undefined) {
    return {};
  }
  const slug = repository.replace("https://github.com/", "");
  return {
    homepage: repository,
    repository,
    publisher: slug.replace(/\/.*/, ""),
    // .NET packs this file into its SDK, and doesn't support SVG.
    logoUrl: `https://raw.githubusercontent.com/${slug}/main/docs/logo.png`,
    pluginDownloadURL: pluginServer(repository),
  };
}

function languages(importBasePath: string): object {
  return {
    nodejs: { packageName: "pulumi-outboundbot-sdk", respectSchemaVersion: true },
    python: {
      packageName: "pulumi_outboundbot",
      pyproject: { enabled: true },
      inputTypes: "classes-and-dicts",
      respectSchemaVersion: true,
    },
    go: {
      importBasePath,
      generateResourceContainerTypes: true,
      respectSchemaVersion: true,
    },
    csharp: {
      rootNamespace: "Pulumi",
      namespaces: { outboundbot: "OutboundBot" },
      respectSchemaVersion: true,
    },
    java: { basePackage: "com.pulumi", packages: { outboundbot: "outboundbot" } },
  };
}
