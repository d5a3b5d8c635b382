// What a tarball holds, and whether all of it is needed.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix, relative, sep } from "node:path";
import { Finding } from "../gate.mjs";

/** Files that nothing in the package names: npm, an engine or a reader of README.md looks for them. */
const knownByName = [
  "LICENSE",
  "README.md",
  "README.zh-CN.md",
  "package.json",
  "plugin/PulumiPlugin.yaml",
  "plugin/package.json",
  "plugin/pulumi-resource-outboundbot",
  "plugin/pulumi-resource-outboundbot.cmd",
];

/** What one file of src/ is compiled to. */
const parts = [".js", ".d.ts", ".js.map"];

/** @returns every file of the unpacked package, a compiled file's parts in one. @throws those that should not be there. */
export function checkContents(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(folder, join(parentPath, name)).replaceAll(sep, "/"))
    .sort();
  const needed = neededFiles(folder);
  const problems = [
    ...files.filter((path) => !needed.has(path)).map((path) => `${path} is not needed`),
    ...[...needed].filter((path) => !files.includes(path)).map((path) => `${path} is missing`),
    ...files.filter((path) => /(^|[./])(test|tests|spec)[./]/i.test(path)).map((path) => `${path} is a test`),
    ...files.flatMap((path) => mapProblems(folder, path)),
  ];
  if (problems.length > 0) {
    throw new Finding(problems.join("\n"));
  }
  return { count: files.length, lines: inOne(files) };
}

/** What the manifest names, what that requires or imports, and so on; with a compiled file, its types and its source map. */
function neededFiles(folder) {
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const { main } = JSON.parse(readFileSync(join(folder, "plugin/package.json"), "utf8"));
  const named = [manifest.main, manifest.types, ...leaves(manifest.exports), ...leaves(manifest.bin)];
  const needed = new Set(knownByName);
  const open = [...knownByName, ...named.map((path) => posix.normalize(path)), `plugin/${main}`];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    needed.add(path);
    const text = existsSync(join(folder, path)) ? readFileSync(join(folder, path), "utf8") : "";
    const found = [...references(path, text), ...(path.startsWith("dist/") ? siblings(path) : [])];
    open.push(...found.filter((other) => !needed.has(other)));
  }
  return needed;
}

function leaves(value) {
  return typeof value === "string" ? [value] : Object.values(value).flatMap(leaves);
}

/** The files of this package that one loads, or whose types it names. */
function references(path, text) {
  const isCode = /(\.js|\.d\.ts|\/pulumi-resource-outboundbot)$/.test(path);
  const pattern = /(?:\b(?:require|import)\(\s*|\b(?:from|import)\s+)"(\.{1,2}\/[^"]+)"/g;
  return isCode ? [...text.matchAll(pattern)].map(([, target]) => posix.join(dirname(path), target)) : [];
}

function siblings(path) {
  const part = parts.find((ending) => path.endsWith(ending));
  return part === undefined ? [] : parts.map((ending) => path.slice(0, -part.length) + ending);
}

/** A map must be there, and bring along the text of every source that is not packed. */
function mapProblems(folder, path) {
  const place = dirname(join(folder, path));
  if (!path.endsWith(".map")) {
    const isCode = /\.(js|d\.ts)$/.test(path);
    const url =
      isCode && /^\/\/# sourceMappingURL=(.+)$/m.exec(readFileSync(join(folder, path), "utf8"))?.[1];
    return url && !existsSync(join(place, url))
      ? [`${path} names a source map that is not there: ${url}`]
      : [];
  }
  const { sources, sourcesContent = [] } = JSON.parse(readFileSync(join(folder, path), "utf8"));
  return sources
    .filter((source, index) => typeof sourcesContent[index] !== "string" && !existsSync(join(place, source)))
    .map((source) => `${path} points to a source that is not there: ${source}`);
}

function inOne(files) {
  const isPart = (path) => path.endsWith(".d.ts") || path.endsWith(".js.map");
  return files
    .filter((path) => !isPart(path))
    .map((path) => {
      const stem = path.replace(/\.js$/, "");
      return parts.every((ending) => files.includes(stem + ending)) ? `${stem}{${parts.join(",")}}` : path;
    });
}
