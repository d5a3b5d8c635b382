// node scripts/release.mjs vX.Y.Z: prints what CHANGELOG.md says of that version, for the notes of its release. Fails when the tag is
// not the version in package.json, or the change log has no dated section for it. Looks in the current folder.
import { readFileSync } from "node:fs";

const [tag] = process.argv.slice(2);
const { version } = JSON.parse(readFileSync("package.json", "utf8"));
if (tag !== `v${version}`) {
  fail(`The tag is ${tag}, but package.json has version ${version}.`);
}
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
console.log(notes);

function fail(reason) {
  console.error(reason);
  process.exit(1);
}
