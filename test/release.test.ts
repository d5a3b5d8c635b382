import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { environment, root, run } from "./helpers/child.js";

const changes = `# Changelog

## [Unreleased]

## [1.3.0] - Unreleased

- Later.

## [1.2.0] - 2031-04-05

### Added

- Something.

## [1.1.0] - 2031-01-01
`;

const home = "https://github.com/somebody/pulumi-outboundbot";

describe("the check of a release", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "outboundbot-release-"));
    writeFileSync(join(folder, "CHANGELOG.md"), changes);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  async function check(
    version: string,
    tag = `v${version}`,
    {
      url = "git+https://github.com/somebody/pulumi-outboundbot.git",
      inSchema = home,
      runsIn = "somebody/pulumi-outboundbot",
    } = {},
  ) {
    mkdirSync(join(folder, "src", "plugin"), { recursive: true });
    writeFileSync(join(folder, "src", "plugin", "schema.json"), JSON.stringify({ repository: inSchema }));
    writeFileSync(
      join(folder, "package.json"),
      JSON.stringify({ version, repository: { type: "git", url } }),
    );
    const { status, stdout, stderr } = await run(
      process.execPath,
      [join(root, "scripts", "release.mjs"), tag],
      { cwd: folder, env: environment({ GITHUB_SERVER_URL: undefined, GITHUB_REPOSITORY: runsIn }) },
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

  const unset =
    'package.json has no repository.url "git+https://github.com/OWNER/pulumi-outboundbot.git". Set it and run npm run schema (CONTRIBUTING.md, "A release").\n';
  for (const [why, repository, stderr] of [
    ["no repository", { url: "" }, unset],
    ["a repository elsewhere", { url: "git+https://gitlab.com/somebody/pulumi-outboundbot.git" }, unset],
    [
      "a name that Pulumi's registry refuses",
      { url: "git+https://github.com/somebody/outboundbot.git" },
      unset,
    ],
    [
      "the repository of somebody else",
      { runsIn: "else/pulumi-outboundbot" },
      `package.json names the repository ${home}, but this is https://github.com/else/pulumi-outboundbot.\n`,
    ],
    [
      "a schema that was not written since",
      { inSchema: "https://github.com/else/pulumi-outboundbot" },
      `src/plugin/schema.json names the repository https://github.com/else/pulumi-outboundbot, but package.json ${home}. Run npm run schema.\n`,
    ],
  ] as const) {
    it(`refuses ${why}`, async () => {
      assert.deepEqual(await check("1.2.0", "v1.2.0", repository), { status: 1, stdout: "", stderr });
    });
  }
});
