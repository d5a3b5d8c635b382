import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { helpText } from "../../src/emulator/commandLine.js";
import { root } from "../helpers/child.js";

describe("docs/emulator.md", () => {
  it("lists the same options and faults as --help", () => {
    const path = join(root, "docs/emulator.md");
    const block = `<!-- help -->\n\`\`\`text\n${helpText}\`\`\`\n`;
    if (process.env.UPDATE_DOCS === "1") {
      const text = readFileSync(path, "utf8");
      writeFileSync(
        path,
        text.replace(/<!-- help -->\n```text\n.*?```\n/s, () => block),
      );
    }
    assert.ok(readFileSync(path, "utf8").includes(block), "run the tests once with UPDATE_DOCS=1");
  });
});
