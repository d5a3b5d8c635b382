// npm run compat: every test on each line of Node, and with the oldest and the newest dependencies that package.json allows.
// Takes Node and the dependencies from the npm registry into a temporary folder; of the working tree it only reads.
import { cpSync, readFileSync, rmSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { capture, Finding, temporaryFolder } from "./gate.mjs";
import { npm } from "./npm.mjs";
import { root, stop } from "./tools.mjs";

/** Node is the newest of the line; `dependencies` are those of package-lock.json where nothing else is said. */
const rows = [
  { line: "20.19", dependencies: "oldest" },
  { line: "20.19", dependencies: "locked" },
  { line: "22", dependencies: "locked" },
  { line: "24", dependencies: "locked" },
  { line: "26", dependencies: "locked" },
  { line: "24", dependencies: "newest" },
  { line: "26", dependencies: "newest" },
];

/** The oldest SDK does not go with a later one. */
const olderCompiler = "typescript@~5.9.3";

const unknown = { passed: "?", failed: "?", skipped: "?" };

const installers = {
  locked: (folder, node) => runNpm(node, folder, "ci"),
  async oldest(folder, node) {
    const { dependencies } = manifestOf(folder);
    const lowest = Object.entries(dependencies).map(
      ([name, range]) => `${name}@${range.replace(/^[\^~]/, "")}`,
    );
    await runNpm(node, folder, "install", "--save-exact", ...lowest, olderCompiler);
  },
  async newest(folder, node) {
    rmSync(join(folder, "package-lock.json"));
    await runNpm(node, folder, "install");
  },
};

const nodes = new Map();
const copies = new Map();
const table = [];
for (const row of rows.filter(isWanted)) {
  table.push(await tryOut(row));
  if (stop.signal.aborted) {
    process.exit();
  }
}
console.log(
  "\n| Node | dependencies | @pulumi/pulumi | passed | failed | skipped |\n|---|---|---|---|---|---|",
);
for (const { node, dependencies, sdk, passed, failed, skipped } of table) {
  console.log(`| ${node} | ${dependencies} | ${sdk} | ${passed} | ${failed} | ${skipped} |`);
}
process.exitCode = table.length > 0 && table.every(({ good }) => good) ? 0 : 1;

async function tryOut({ line, dependencies }) {
  try {
    const node = await once(nodes, line, () => installNode(line));
    const { folder, sdk } = await once(copies, dependencies, () => installCopy(dependencies, node));
    console.log(`Node ${node.version}, ${dependencies} dependencies (@pulumi/pulumi ${sdk}) …`);
    return { node: node.version, dependencies, sdk, ...(await test(folder, node)) };
  } catch (error) {
    console.log(error instanceof Finding ? error.message : error);
    return { good: false, node: line, dependencies, sdk: "?", ...unknown };
  }
}

/** All rows, or those that have every word of the command line: `npm run compat -- 24 newest`. */
function isWanted(row) {
  return process.argv.slice(2).every((word) => Object.values(row).includes(word));
}

async function once(kept, key, make) {
  if (!kept.has(key)) {
    kept.set(key, await make());
  }
  return kept.get(key);
}

async function installNode(line) {
  const folder = temporaryFolder(`node-${line}`);
  await expectGood(npm.command, [...npm.args, "install", "--no-save", "--prefix", folder, `node@${line}`]);
  const path = join(
    folder,
    "node_modules",
    "node",
    "bin",
    process.platform === "win32" ? "node.exe" : "node",
  );
  const version = (await expectGood(path, ["--version"])).trim().slice(1);
  return { path, version };
}

/** A copy of the files that git knows, or would if they were added, with dependencies of its own. */
async function installCopy(dependencies, node) {
  const folder = temporaryFolder(dependencies);
  const files = await expectGood("git", [
    "ls-files",
    "-z",
    "--cached",
    "--others",
    "--exclude-standard",
    "--deduplicate",
  ]);
  for (const name of files.split("\0").filter((name) => name !== "")) {
    cpSync(join(root, name), join(folder, name));
  }
  await installers[dependencies](folder, node);
  const sdk = manifestOf(join(folder, "node_modules", "@pulumi", "pulumi")).version;
  return { folder, sdk };
}

/** npm chooses versions for the Node that runs it. */
async function runNpm(node, folder, ...args) {
  const quiet = ["--no-audit", "--no-fund", "--loglevel=error"];
  const command = npm.args.length > 0 ? node.path : npm.command;
  await expectGood(command, [...npm.args, ...args, ...quiet], { cwd: folder, env: withNode(node) });
}

/** Compiles with what is installed, and runs every test. */
async function test(folder, node) {
  const options = { cwd: folder, env: withNode(node) };
  await expectGood(node.path, ["scripts/build.mjs"], options);
  const { status, text } = await capture(node.path, ["node_modules/mocha/bin/mocha.js"], options);
  const counts = /^(?<passed>\d+) passed, (?<failed>\d+) failed, (?<skipped>\d+) skipped$/m.exec(
    text,
  )?.groups;
  const good = status === 0 && counts !== undefined;
  if (!good && !stop.signal.aborted) {
    console.log(text);
  }
  return { good, ...(counts ?? unknown) };
}

async function expectGood(command, args, options) {
  const { status, text } = await capture(command, args, options);
  if (status !== 0 && !stop.signal.aborted) {
    throw new Finding(`${command} ${args.join(" ")}\n${text}`);
  }
  return text;
}

/** What a test starts by the name `node`, or npm does, is the same Node. */
function withNode({ path }) {
  return { ...process.env, PATH: `${dirname(path)}${delimiter}${process.env.PATH}` };
}

function manifestOf(folder) {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
}
