// node scripts/release.mjs vX.Y.Z: prints that version's section of CHANGELOG.md, for the release notes. Uses the current folder. Fails
// - if the tag isn't the version in package.json
// - if the change log has no dated section for the version
// - if package.json and the schema don't name the repository (in GitHub Actions: the current one)
// - if docs/install.md exists, because it describes installation before the first release.
import { existsSync, readFileSync } from "node:fs";

const [tag] = process.argv.slice(2);
const { version, repository } = JSON.parse(readFileSync("package.json", "utf8"));
if (tag !== `v${version}`) {
  fail(`The tag is ${tag}, but package.json has version ${version}.`);
}
checkRepository();
const sections = readFileSync("CHANGELOG.md", "utf8").split(/^(?=## )/m);
const section = sections.find((text) => text.startsWith(`## [${version}]`));
if (section === undefined) {
  fail(`CHANGELOG.md has no section "## [${version}]".`);
}
const [heading, ...lines] = section.split("\n");
if (!/ - \d{4}-\d{2}-\d{2}$/.test(heading)) {
  fail(
    `The section of ${version} in CHANGELOG.md has no date: "${heading}" should end with " - YYYY-MM-DD".`,
  );
}
const notes = lines.join("\n").trim();
if (notes === "") {
  fail(`The section of ${version} in CHANGELOG.md is empty.`);
}
if (existsSync("docs/install.md")) {
  fail(
    "docs/install.md still exists, although this release publishes the package. Delete it and the links to it.",
  );
}
console.log(notes);

/**
 * Checks the one setting of a release, from which the schema, the SDKs and their registries derive the plugin's download address.
 */
function checkRepository() {
  const { GITHUB_SERVER_URL: server = "https://github.com", GITHUB_REPOSITORY: slug } = process.env;
  // Pulumi's registry expects the package name after "pulumi-".
  const [url] =
    /^https:\/\/github\.com\/[\w.-]+\/pulumi-outboundbot(?=\.git$)/.exec(
      repository?.url?.replace(/^git\+/, ""),
    ) ?? [];
  if (url === undefined) {
    fail(
      `package.json has no repository.url "git+https://github.com/OWNER/pulumi-outboundbot.git". Set it and run npm run schema (CONTRIBUTING.md, "A release").`,
    );
  }
  if (slug !== undefined && url !== `${server}/${slug}`) {
    fail(`package.json names the repository ${url}, but this is ${server}/${slug}.`);
  }
  const schema = JSON.parse(readFileSync("src/plugin/schema.json", "utf8"));
  if (schema.repository !== url) {
    fail(
      `src/plugin/schema.json names the repository ${schema.repository}, but package.json ${url}. Run npm run schema.`,
    );
  }
}

function fail(reason) {
  console.error(reason);
  process.exit(1);
}
