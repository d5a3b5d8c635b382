import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { root, run } from "./helpers/child.js";

describe("the check of links", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "outboundbot-links-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function write(path: string, text: string): void {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }

  async function check(call: string): Promise<unknown> {
    const module = pathToFileURL(join(root, "scripts/links.mjs")).href;
    const program = `import * as links from ${JSON.stringify(module)};
      const { broken, own, external } = links.${call};
      console.log(JSON.stringify({ broken, own, external: [...external] }));`;
    const { status, stdout, stderr } = await run(process.execPath, [
      "--input-type=module",
      "--eval",
      program,
    ]);
    assert.equal(status, 0, stderr);
    return JSON.parse(stdout);
  }

  it("names each link of a document to a file or a heading that is not there", async () => {
    write(
      "a.md",
      `# One \`code\` two
[here](#one-code-two) [file](docs/b.md) [heading](docs/b.md#部门-1) [elsewhere](https://example.com/x#y)
[gone](docs/c.md) [no heading](docs/b.md#部门-2) [not in code](#b) ![picture](gone.svg) [outside](../a.md)
\`[code](gone.md)\`
`,
    );
    write("docs/b.md", "# 部门\n\n## 部门\n\n[back](../a.md)\n");
    assert.deepEqual(await check(`checkDocuments(["a.md", "docs/b.md"], ${JSON.stringify(folder)})`), {
      broken: ["docs/c.md", "docs/b.md#部门-2", "#b", "gone.svg", "../a.md"].map(
        (link) => `a.md: ${link.startsWith("docs/b") ? encodeURI(link) : link} leads nowhere`,
      ),
      own: 9,
      external: ["https://example.com/x"],
    });
  });

  it("does so for the pages of a site", async () => {
    write(
      "index.html",
      '<html><body><a href="pages/a.html#x">a</a><a class="b" href="pages/a.html#y">b</a><script src="gone.js"></script></body></html>',
    );
    write(
      "pages/a.html",
      '<a id="x" href="../index.html?a=1&amp;b=2">up</a><p>&lt;a href=&quot;gone&quot;&gt;</p>',
    );
    assert.deepEqual(await check(`checkSite(${JSON.stringify(folder)})`), {
      broken: ["index.html: pages/a.html#y leads nowhere", "index.html: gone.js leads nowhere"],
      own: 4,
      external: [],
    });
  });
});
