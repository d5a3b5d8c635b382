import assert from "node:assert/strict";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { assertBuilt } from "./helpers/built.js";
import { root, run } from "./helpers/child.js";
import { npm } from "./helpers/npm.js";

const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const programs = join(__dirname, "programs");
const printed = JSON.parse(readFileSync(join(programs, "printed.json"), "utf8"));

/** The files that an engine needs to find and start the plugin. */
const pluginFiles: readonly string[] = [
  "dist/plugin/schema.json",
  "plugin/PulumiPlugin.yaml",
  "plugin/index.js",
  "plugin/package.json",
  "plugin/pulumi-resource-outboundbot",
  "plugin/pulumi-resource-outboundbot.cmd",
];

// Puts the packed files into the node_modules of an empty project, next to links to this repository's dependencies.
// test/packed/packed.ts tests that installing the tarball installs the dependencies.
describe("package", () => {
  let project: string;
  let packed: string[];

  before(async () => {
    assertBuilt();
    // --ignore-scripts, because rebuilding dist/ would break tests that run at the same time.
    const [command, ...args] = npm("pack", "--dry-run", "--json", "--ignore-scripts");
    const listed = await run(command, args);
    assert.equal(listed.status, 0, listed.stderr);
    const report: { files: { path: string }[] }[] | Record<string, { files: { path: string }[] }> =
      JSON.parse(listed.stdout);
    packed = Object.values(report).flatMap(({ files }) => files.map(({ path }) => path));

    project = mkdtempSync(join(tmpdir(), "outboundbot-package-"));
    const modules = join(project, "node_modules");
    for (const path of packed) {
      const target = join(modules, manifest.name, path);
      mkdirSync(dirname(target), { recursive: true });
      cpSync(join(root, path), target);
    }
    linkAll(join(root, "node_modules"), modules);
    writeFileSync(join(project, "package.json"), "{}");
  });
  after(() => rmSync(project, { recursive: true, force: true }));

  function linkAll(from: string, to: string): void {
    for (const name of readdirSync(from)) {
      if (name.startsWith("@")) {
        mkdirSync(join(to, name));
        linkAll(join(from, name), join(to, name));
      } else if (name !== manifest.name && !name.startsWith(".")) {
        symlinkSync(join(from, name), join(to, name), "junction");
      }
    }
  }

  function inProject(args: readonly string[]) {
    return run(process.execPath, args, { cwd: project });
  }

  it("contains the compiled files with types, and nothing else", () => {
    const odd = packed.filter(
      (path) =>
        !/^(package\.json|LICENSE|README(\.zh-CN)?\.md)$|^dist\/.*(\.js|\.d\.ts)$/.test(path) &&
        !pluginFiles.includes(path),
    );
    assert.deepEqual(odd, []);
    assert.deepEqual(
      pluginFiles.filter((path) => !packed.includes(path)),
      [],
    );
    const compiled = packed.filter((path) => path.startsWith("dist/") && path.endsWith(".js"));
    for (const path of compiled) {
      assert.ok(packed.includes(path.replace(/\.js$/, ".d.ts")), `${path} has no types`);
    }
    assert.ok(compiled.includes("dist/index.js"));
    assert.deepEqual(
      packed.filter((path) => /test/i.test(path)),
      [],
    );
    assert.ok(packed.includes("LICENSE"));
  });

  it("exports only files that exist", async () => {
    for (const target of Object.values<string | Record<string, string>>(manifest.exports)) {
      for (const path of typeof target === "string" ? [target] : Object.values(target)) {
        assert.ok(existsSync(join(project, "node_modules", manifest.name, path)), path);
      }
    }
    for (const path of Object.values<string>(manifest.bin)) {
      const text = readFileSync(join(project, "node_modules", manifest.name, path), "utf8");
      assert.match(text, /^#!\/usr\/bin\/env node\n/);
    }
    const inner = `require("${manifest.name}/dist/lookup.js")`;
    const { status, stderr } = await inProject(["--eval", inner]);
    assert.equal(status, 1);
    assert.match(stderr, /ERR_PACKAGE_PATH_NOT_EXPORTED/);
  });

  it("declares every package that it requires", () => {
    const required = new Set<string>();
    for (const path of packed.filter((path) => path.endsWith(".js"))) {
      const text = readFileSync(join(root, path), "utf8");
      for (const [, name = ""] of text.matchAll(/(?:require|import)\(\s*"([^"]+)"\s*\)/g)) {
        if (!name.startsWith(".") && !name.startsWith("node:") && !name.startsWith(manifest.name)) {
          required.add(
            name
              .split("/")
              .slice(0, name.startsWith("@") ? 2 : 1)
              .join("/"),
          );
        }
      }
    }
    assert.deepEqual([...required].sort(), Object.keys(manifest.dependencies).sort());
  });

  for (const program of ["main.cjs", "main.mjs"]) {
    it(`works from JavaScript, ${program}`, async () => {
      cpSync(join(programs, program), join(project, program));
      await prints(program);
    });
  }

  // Without skipLibCheck, so that the declarations are checked too.
  it("works from TypeScript compiled to CommonJS and to an ES module", async () => {
    const files = ["typed.cts", "typed.mts"];
    for (const file of files) {
      cpSync(join(programs, "main.ts"), join(project, file));
    }
    const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
    const options = ["--strict", "--target", "es2022", "--module", "node20", "--types", "node"];
    const compiled = await inProject([tsc, ...options, ...files]);
    assert.equal(compiled.status, 0, compiled.stdout);
    for (const file of files) {
      await prints(file.replace(/ts$/, "js"));
    }
  });

  async function prints(file: string): Promise<void> {
    const { status, stdout, stderr } = await inProject([file]);
    assert.equal(status, 0, stderr);
    // On a slow machine, progress is printed before.
    assert.deepEqual(JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? ""), printed);
  }
});
