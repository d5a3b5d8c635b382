import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root, run } from "./helpers/child.js";

const changes = `# Changelog

## [Unreleased]

## [1.3.0] - Unreleased

- Later.

## [1.2.0] - 2031-04-05

### Added

- Something.

## [1.1.0] - 2031-01-01
`;

describe("the check of a release", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "outboundbot-release-"));
    writeFileSync(join(folder, "CHANGELOG.md"), changes);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  async function check(version: string, tag = `v${version}`) {
    writeFileSync(join(folder, "package.json"), JSON.stringify({ version }));
    const { status, stdout, stderr } = await run(
      process.execPath,
      [join(root, "scripts", "release.mjs"), tag],
      {
        cwd: folder,
      },
    );
    return { status, stdout, stderr };
  }

  it("prints what the change log says of the version", async () => {
    assert.deepEqual(await check("1.2.0"), { status: 0, stdout: "### Added\n\n- Something.\n", stderr: "" });
  });

  for (const [why, version, tag, stderr] of [
    [
      "a tag of another version",
      "1.2.0",
      "v1.3.0",
      "The tag is v1.3.0, but package.json has version 1.2.0.\n",
    ],
    ["a tag that is no version", "1.2.0", "1.2.0", "The tag is 1.2.0, but package.json has version 1.2.0.\n"],
    ["a version without a section", "1.4.0", "v1.4.0", 'CHANGELOG.md has no section "## [1.4.0]".\n'],
    [
      "a section without a date",
      "1.3.0",
      "v1.3.0",
      'The section of 1.3.0 in CHANGELOG.md has no date: "## [1.3.0] - Unreleased" should end with " - YYYY-MM-DD".\n',
    ],
    ["a section that says nothing", "1.1.0", "v1.1.0", "The section of 1.1.0 in CHANGELOG.md is empty.\n"],
  ] as const) {
    it(`refuses ${why}`, async () => {
      assert.deepEqual(await check(version, tag), { status: 1, stdout: "", stderr });
    });
  }
});
