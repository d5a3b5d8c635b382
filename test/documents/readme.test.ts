import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as ts from "typescript";
import { type Emulator, startEmulator } from "../../src/emulator/index.js";
import { assertBuilt } from "../helpers/built.js";
import { environment, root, run } from "../helpers/child.js";
import { codeBlocks, type Program, programs, readDocument } from "../helpers/markdown.js";

const readme = programs(codeBlocks(readDocument("README.md")));

// Every program of the README is compiled and run, under Pulumi's mocks and against the emulator; what it says that they put
// out is what they put out. What a real engine makes of them is for test/e2e.
describe("README.md", function () {
  this.timeout(120_000);
  let emulator: Emulator;
  let folder: string;

  before(async () => {
    assertBuilt();
    emulator = await startEmulator({ count: 60 });
    mkdirSync(join(root, "build"), { recursive: true });
    // Inside the package, so that its name and those of its dependencies resolve.
    folder = mkdtempSync(join(root, "build", "readme-"));
    for (const [index, program] of readme.entries()) {
      write(pathOf(program, index), program.code);
    }
    write(join(folder, "home", ".aliyun", "config.json"), profiles("care", "sales"));
  });
  after(async () => {
    await emulator?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function write(path: string, text: string): void {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }

  /** A test stands beside the program that it tests, which is the first one. */
  function pathOf(program: Program, index: number): string {
    return isTest(program) ? join(folder, "0", "index.test.ts") : join(folder, String(index), "index.ts");
  }

  function profiles(...names: string[]): string {
    const key = { access_key_id: emulator.accessKeyId, access_key_secret: emulator.accessKeySecret };
    return JSON.stringify({ profiles: names.map((name) => ({ name, mode: "AK", ...key })) });
  }

  const settings = () =>
    environment({ ...emulator.environment, HOME: join(folder, "home"), USERPROFILE: join(folder, "home") });

  // What `pulumi new typescript` sets, which checks declarations as well; those of the vendor's SDK have errors.
  it("compiles as a new project of Pulumi does", () => {
    assert.notEqual(readme.length, 0);
    compile(
      readme.flatMap((program, index) => (usesTheSdk(program) ? [] : [pathOf(program, index)])),
      false,
    );
    compile(readme.map(pathOf), true);
  });

  function compile(paths: readonly string[], skipLibCheck: boolean): void {
    const options: ts.CompilerOptions = {
      strict: true,
      target: ts.ScriptTarget.ES2020,
      module: ts.ModuleKind.CommonJS,
      moduleResolution: ts.ModuleResolutionKind.Node10,
      // A new project has TypeScript 5, which knows no other way.
      ...(ts.versionMajorMinor.startsWith("5.") ? {} : { ignoreDeprecations: "6.0" }),
      forceConsistentCasingInFileNames: true,
      types: ["node", "mocha"],
      skipLibCheck,
      noEmit: true,
    };
    const compiled = ts.createProgram(paths, options);
    const found = ts.getPreEmitDiagnostics(compiled);
    const format = {
      getCurrentDirectory: () => folder,
      getCanonicalFileName: String,
      getNewLine: () => "\n",
    };
    assert.equal(ts.formatDiagnostics(found, format), "");
  }

  for (const [index, program] of readme.entries()) {
    const { section, line, outputs } = program;
    if (isTest(program)) {
      it(`line ${line}, ${section}: the test passes`, async () => {
        const mocha = join(root, "node_modules", "mocha", "bin", "mocha.js");
        const args = [mocha, "--no-config", "--import=tsx", pathOf(program, index)];
        // The emulator that it starts is its own.
        const { status, stdout, stderr } = await run(process.execPath, args, { cwd: folder });
        assert.equal(status, 0, stdout + stderr);
        assert.match(stdout, /1 passing/);
      });
    } else if (usesTheSdk(program)) {
      it(`line ${line}, ${section}: puts out what it says`, async () => {
        const { host } = new URL(emulator.endpoint);
        const local = program.code
          .replace("outboundbot.cn-shanghai.aliyuncs.com", host)
          .replace('protocol: "HTTPS"', 'protocol: "HTTP"');
        assert.notEqual(local, program.code);
        const path = join(folder, "local", "index.ts");
        write(path, local);
        assert.deepEqual(await outputsOf(path), outputs);
      });
    } else {
      it(`line ${line}, ${section}: ${outputs === undefined ? "runs" : "puts out what it says"}`, async () => {
        const found = await outputsOf(pathOf(program, index));
        if (outputs !== undefined) {
          assert.deepEqual(found, outputs);
        }
      });
    }
  }

  async function outputsOf(path: string): Promise<unknown> {
    const args = ["--import", "tsx", join(root, "test", "helpers", "documentProgram.ts"), path];
    const { status, stdout, stderr } = await run(process.execPath, args, { env: settings() });
    assert.equal(status, 0, stderr);
    return JSON.parse(stdout.split("\n").at(-2) ?? "");
  }
});

describe("README.zh-CN.md", () => {
  const [english, chinese] = ["README.md", "README.zh-CN.md"].map(readDocument);

  /** Comments are translated; the code is not. */
  function code(markdown: string): string[] {
    return codeBlocks(markdown).map((block) =>
      block.language === "mermaid" ? "" : block.code.replace(/(^|\s)(\/\/|#).*$/gm, "").trim(),
    );
  }

  it("has the same code", () => {
    assert.deepEqual(code(chinese ?? ""), code(english ?? ""));
  });

  it("has as many headings, rows of tables, and the same links", () => {
    const shape = (markdown: string) => ({
      headings: markdown.match(/^#+ /gm),
      rows: markdown.match(/^\|/gm)?.length,
      links: markdown.match(/\]\((?!#|README)[^)]+\)/g)?.sort(),
    });
    assert.deepEqual(shape(chinese ?? ""), shape(english ?? ""));
  });
});

function isTest({ code }: Program): boolean {
  return code.startsWith("// index.test.ts");
}

function usesTheSdk({ code }: Program): boolean {
  return code.includes("@alicloud/openapi-client");
}
