import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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

describe("release check", () => {
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

  it("prints the version's section of the change log", async () => {
    assert.deepEqual(await check("1.2.0"), { status: 0, stdout: "### Added\n\n- Something.\n", stderr: "" });
  });

  it("rejects a release while docs/install.md exists", async () => {
    mkdirSync(join(folder, "docs"));
    writeFileSync(join(folder, "docs", "install.md"), "# Install before the first release\n");
    assert.deepEqual(await check("1.2.0"), {
      status: 1,
      stdout: "",
      stderr:
        "docs/install.md still exists, although this release publishes the package. Delete it and the links to it.\n",
    });
  });

  for (const [why, version, tag, stderr] of [
    [
      "a tag of another version",
      "1.2.0",
      "v1.3.0",
      "The tag is v1.3.0, but package.json has version 1.2.0.\n",
    ],
    [
      "a tag that isn't a version",
      "1.2.0",
      "1.2.0",
      "The tag is 1.2.0, but package.json has version 1.2.0.\n",
    ],
    ["a version without a section", "1.4.0", "v1.4.0", 'CHANGELOG.md has no section "## [1.4.0]".\n'],
    [
      "a section without a date",
      "1.3.0",
      "v1.3.0",
      'The section of 1.3.0 in CHANGELOG.md has no date: "## [1.3.0] - Unreleased" should end with " - YYYY-MM-DD".\n',
    ],
    ["an empty section", "1.1.0", "v1.1.0", "The section of 1.1.0 in CHANGELOG.md is empty.\n"],
  ] as const) {
    it(`rejects ${why}`, async () => {
      assert.deepEqual(await check(version, tag), { status: 1, stdout: "", stderr });
    });
  }

  const unset =
    'package.json has no repository.url "git+https://github.com/OWNER/pulumi-outboundbot.git". Set it and run npm run schema (CONTRIBUTING.md, "A release").\n';
  for (const [why, repository, stderr] of [
    ["no repository", { url: "" }, unset],
    ["a repository outside GitHub", { url: "git+https://gitlab.com/somebody/pulumi-outboundbot.git" }, unset],
    [
      "a name that Pulumi's registry doesn't accept",
      { url: "git+https://github.com/somebody/outboundbot.git" },
      unset,
    ],
    [
      "another owner's repository",
      { runsIn: "else/pulumi-outboundbot" },
      `package.json names the repository ${home}, but this is https://github.com/else/pulumi-outboundbot.\n`,
    ],
    [
      "an outdated schema",
      { inSchema: "https://github.com/else/pulumi-outboundbot" },
      `src/plugin/schema.json names the repository https://github.com/else/pulumi-outboundbot, but package.json ${home}. Run npm run schema.\n`,
    ],
  ] as const) {
    it(`rejects ${why}`, async () => {
      assert.deepEqual(await check("1.2.0", "v1.2.0", repository), { status: 1, stdout: "", stderr });
    });
  }
});

/** Returns the jobs of a workflow by name, as text. In these files, only a job's name is indented by two spaces. */
function jobsOf(workflow: string): Map<string, string> {
  const [, jobs = ""] = workflow.split(/^jobs:\n/m);
  const parts = jobs.split(/^ {2}([\w-]+):\n/m).slice(1);
  return new Map(parts.flatMap((name, index) => (index % 2 === 0 ? [[name, parts[index + 1] ?? ""]] : [])));
}

describe("the workflows", () => {
  const folder = join(root, ".github", "workflows");
  const workflows = readdirSync(folder).map(
    (name) => [name, readFileSync(join(folder, name), "utf8")] as const,
  );
  const release = new Map(workflows).get("release.yml") ?? "";
  const privileged = [...jobsOf(release)].filter(([, job]) => /^ +[\w-]+: write$/m.test(job));

  it("pin the tools that pack a release", () => {
    const tools = readFileSync(join(root, "config", "python-tools.txt"), "utf8").split("\n");
    const unpinned = tools.filter(
      (line) => line !== "" && !/^(#|--only-binary |[\w.-]+==[\w.]+(;|$))/.test(line),
    );
    assert.deepEqual(unpinned, []);
    assert.match(release, /pip install --no-deps --requirement config\/python-tools\.txt/);
    assert.match(release, /pulumi\/actions@.*\n +with:\n +pulumi-version: "\d+\.\d+\.\d+"\n/);
  });

  it("pin every action to a commit hash with a version comment", () => {
    for (const [name, workflow] of workflows) {
      const used = [...workflow.matchAll(/\buses: (.*)/g)].map(([, action = ""]) => action);
      assert.notEqual(used.length, 0, name);
      const pinned = /^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/;
      assert.deepEqual(
        used.filter((action) => !action.startsWith("./") && !pinned.test(action)),
        [],
      );
    }
  });

  it("use one commit of each action", () => {
    const used = workflows.flatMap(
      ([, workflow]) => workflow.match(/[\w-]+\/[\w-]+@[0-9a-f]{40} # \S+/g) ?? [],
    );
    const actions = new Set(used.map((action) => action.replace(/@.*/, "")));
    assert.equal(new Set(used).size, actions.size, [...new Set(used)].sort().join("\n"));
  });

  it("run no install scripts of dependencies and persist no checkout credentials", () => {
    for (const [name, workflow] of workflows) {
      const installs = workflow.match(/npm (ci|install|i)\b.*/g) ?? [];
      assert.deepEqual(
        installs.filter((command) => !command.includes("--ignore-scripts")),
        [],
        name,
      );
      const checkouts = workflow.match(/actions\/checkout@.*\n(.*\n.*)/g) ?? [];
      assert.deepEqual(
        checkouts.filter((step) => !/with:\n +persist-credentials: false/.test(step)),
        [],
        name,
      );
    }
  });

  it("have read permissions only, except in jobs that publish", () => {
    for (const [name, workflow] of workflows) {
      assert.match(workflow, /^permissions:\n {2}contents: read\n/m, name);
      assert.equal(/: write|write-all/.test(workflow), name === "release.yml");
    }
    const rights = privileged.map(([name, job]) => [name, job.match(/[\w-]+: write/g)]);
    assert.deepEqual(Object.fromEntries(rights), {
      attest: ["id-token: write", "attestations: write"],
      npm: ["id-token: write"],
      pypi: ["id-token: write"],
      go: ["contents: write"],
      release: ["contents: write"],
    });
  });

  it("publish what an unprivileged job packed, after an approval, without running it", () => {
    for (const [name, job] of privileged) {
      assert.match(job, /^ {4}environment: release$/m, name);
      assert.match(job, /actions\/download-artifact@/, name);
      assert.doesNotMatch(job, /actions\/checkout@|^ +cache: /m, name);
      const commands = [...job.matchAll(/\brun: (?!\|)(.*)|\brun: \|\n((?: {10}.*\n)+)/g)];
      for (const [, line, lines] of commands) {
        assert.doesNotMatch(
          line ?? lines ?? "",
          /\b(npx|node|python3?|pip|make|bash|sh|source|eval)\b|\bnpm (?!publish --ignore-scripts )/,
          name,
        );
      }
    }
  });

  it("publish everything that was packed", () => {
    const uploaded = [...release.matchAll(/upload-artifact@.*\n +with:\n +name: (\w+)/g)].map(
      ([, name]) => name,
    );
    const downloaded = [
      ...release.matchAll(/download-artifact@.*\n +with:\n +(?:name|pattern): (.*)/g),
    ].flatMap(([, names = ""]) => names.replaceAll(/["{}]/g, "").split(","));
    assert.deepEqual([...new Set(downloaded)].sort(), [...new Set(uploaded)].sort());
  });
});
