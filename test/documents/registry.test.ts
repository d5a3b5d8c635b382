import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  anyGoImportPath,
  anyPluginServer,
  goImportPath,
  goPrograms,
  pluginServer,
} from "../../scripts/schema/schema.js";
import { type SettingKey, settingKeys } from "../../src/settings/settingKeys.js";
import { root } from "../helpers/child.js";
import { codeBlocks, readDocument } from "../helpers/markdown.js";

const pages = ["docs/_index.md", "docs/installation-configuration.md"];

/** Compares a part of a page with its expected text, or writes it with UPDATE_DOCS=1. */
function assertPart(page: string, part: RegExp, expected: readonly string[]): void {
  const parts = [...expected];
  const text = readDocument(page).replace(part, (found) => parts.shift() ?? found);
  assert.deepEqual(parts, [], `${page} has too few parts`);
  if (process.env.UPDATE_DOCS === "1") {
    writeFileSync(join(root, page), text);
  }
  assert.equal(readDocument(page), text, "run the tests once with UPDATE_DOCS=1");
}

/** Returns the program of a schema example in every language, as tabs of Pulumi's registry. */
function tabs(example: string): string {
  const blocks = codeBlocks(readDocument(`docs/schema-examples/${example}.md`));
  const languages = blocks.map(({ language }) => language);
  const choices = blocks.map(
    ({ language, code }) =>
      `{{% choosable language ${language} %}}\n\n\`\`\`${language}\n${code.trimEnd()}\n\`\`\`\n\n{{% /choosable %}}\n`,
  );
  return [`{{< chooser language "${languages.join(",")}" >}}\n`, ...choices, "{{< /chooser >}}"].join("\n");
}

describe("the pages for Pulumi's registry", () => {
  it("begin with the front matter that the registry requires", () => {
    for (const page of pages) {
      assert.match(
        readDocument(page),
        /^---\ntitle: Alibaba Cloud OutboundBot.*\nmeta_desc: \S.+\nlayout: package\n---\n\n/,
      );
    }
  });

  it("show the programs of the schema's examples, in every language", () => {
    const expected = ["getInstances", "InstanceLookup"].map(tabs);
    assertPart("docs/_index.md", /\{\{< chooser [\s\S]*?\{\{< \/chooser >\}\}/g, expected);
  });

  it("list every setting", () => {
    const rows = Object.entries<SettingKey>(settingKeys).map(([name, key]) => {
      const variables = key.environment.map((variable) => `\`${variable}\``).join(", ");
      return `| \`outboundbot:${name}\` | ${key.default} | ${variables} |\n`;
    });
    assertPart("docs/installation-configuration.md", /(?<=\| setting .*\n\|-.*\n)(\|.*\n)*/g, [
      rows.join(""),
    ]);
  });

  it("say how to download the plugin", () => {
    const found = readDocument("docs/installation-configuration.md").match(anyPluginServer);
    assert.deepEqual(found, [pluginServer()], "run npm run schema");
  });

  // The registry serves the pages under another URL, where relative links don't work.
  it("link to absolute URLs, and contain no raw HTML", () => {
    for (const page of pages) {
      const text = readDocument(page);
      const targets = [...text.matchAll(/\]\(([^)]*)\)/g)].map(([, target = ""]) => target);
      assert.deepEqual(
        targets.filter((target) => !target.startsWith("https://")),
        [],
      );
      assert.doesNotMatch(text, /<(img|a|div)\b/);
    }
  });

  it("use the schema's Go import path, and so does every Go program", () => {
    for (const file of goPrograms()) {
      const found = readDocument(file).match(anyGoImportPath) ?? [];
      assert.deepEqual([...new Set(found)], [goImportPath()], `${file}: run npm run schema`);
    }
  });
});
