// npm run coverage: every test, and how many lines and branches of src/listing and src/api they ran. Arguments go to mocha. As
// npm test does, it closes with the counts of tests.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { install, root, run, start } from "./tools.mjs";

const least = "95";
const folder = join(root, "coverage");
const raw = join(folder, "raw");
const counts = join(folder, "counts");

/** The functions that tsx puts before a file. */
const helper =
  /^__(?:copyProps|create|defProp|export|getOwnPropDesc|getOwnPropNames|getProtoOf|hasOwnProp|name|toCommonJS|toESM)$/;

await install();
await run(process.execPath, ["scripts/build.mjs"]);
rmSync(folder, { recursive: true, force: true });
mkdirSync(raw, { recursive: true });
const tests = await start(process.execPath, ["node_modules/mocha/bin/mocha.js", ...process.argv.slice(2)], {
  env: { ...process.env, NODE_V8_COVERAGE: raw, COUNTS_FILE: counts },
});
for (const name of readdirSync(raw)) {
  const path = join(raw, name);
  writeFileSync(path, JSON.stringify(withoutWhatTsxAdds(JSON.parse(readFileSync(path, "utf8")))));
}
// Each room by itself, so that none hides behind the other; credentials.ts holds types only.
const rooms = ["src/listing", "src/api"];
const statuses = [];
for (const room of rooms) {
  const reports = ["--reporter", "text", "--reporter", "html", "--reports-dir", join(folder, room)];
  const files = ["--all", "--include", `${room}/**`, "--exclude", "src/api/credentials.ts"];
  const limits = [
    "--check-coverage",
    "--lines",
    least,
    "--branches",
    least,
    "--functions",
    "0",
    "--statements",
    "0",
  ];
  const c8 = ["node_modules/c8/bin/c8.js", "report", "--temp-directory", raw];
  statuses.push(await start(process.execPath, [...c8, ...files, ...reports, ...limits]));
}
console.log(existsSync(counts) ? readFileSync(counts, "utf8") : "The tests did not come to their end.");
process.exitCode ||= [tests, ...statuses].find((status) => status !== 0) ?? 0;

/**
 * tsx wraps each file in a function of its own, with helpers and a getter for every exported name. They are no code of this
 * package, but c8 would count their branches at the first line, and at the name of the last function.
 */
function withoutWhatTsxAdds({ result, "source-map-cache": maps = {}, ...rest }) {
  const isSource = (url) => /\/src\/(?:api|listing)\/.*\.ts$/.test(url);
  const kept = result
    .filter(({ url }) => isSource(url))
    .map((script) => ({ ...script, functions: script.functions.flatMap(ownPart) }));
  const ownMaps = Object.fromEntries(Object.entries(maps).filter(([url]) => isSource(url)));
  return { ...rest, result: kept, "source-map-cache": ownMaps };
}

function ownPart({ functionName, ranges, ...rest }, index) {
  const [{ startOffset, endOffset }] = ranges;
  const isGetter = endOffset - startOffset === `()=>${functionName}`.length;
  if (helper.test(functionName) || isGetter) {
    return [];
  }
  // The module and its wrapper: of their branches, the one that is never taken is `0 && (module.exports = …)`.
  const isWrapper = functionName === "" && index < 2;
  return [{ ...rest, functionName, ranges: isWrapper ? ranges.slice(0, 1) : ranges }];
}
