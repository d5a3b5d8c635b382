import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as ts from "typescript";
import { type Emulator, startEmulator } from "../../src/emulator/index.js";
import { assertBuilt } from "../helpers/built.js";
import { environment, root, run } from "../helpers/child.js";
import { codeBlocks, type Program, programs, readDocument } from "../helpers/markdown.js";

const documentProgram = join(root, "test", "helpers", "documentProgram.ts");
const documented = ["README.md", "docs/comparison.md"].flatMap((page) =>
  programs(codeBlocks(readDocument(page))).map((program) => ({ ...program, page })),
);

// Compiles and runs every program of these documents under Pulumi's mocks and against the emulator, and compares its outputs with
// those shown. test/e2e runs programs with a real engine.
describe("the programs of README.md and docs/comparison.md", () => {
  let emulator: Emulator;
  let folder: string;

  before(async () => {
    assertBuilt();
    emulator = await startEmulator({ count: 60 });
    mkdirSync(join(root, "build"), { recursive: true });
    // Inside the package, so that its name and those of its dependencies resolve.
    folder = mkdtempSync(join(root, "build", "readme-"));
    for (const [index, program] of documented.entries()) {
      write(pathOf(index), program.code);
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

  function pathOf(index: number): string {
    return join(folder, String(index), "index.ts");
  }

  function profiles(...names: string[]): string {
    const key = { access_key_id: emulator.accessKeyId, access_key_secret: emulator.accessKeySecret };
    return JSON.stringify({ profiles: names.map((name) => ({ name, mode: "AK", ...key })) });
  }

  const settings = () =>
    environment({ ...emulator.environment, HOME: join(folder, "home"), USERPROFILE: join(folder, "home") });

  // The settings of `pulumi new typescript`, which also check declarations; those of the vendor's SDK have errors.
  it("compiles as a new project of Pulumi does", () => {
    assert.notEqual(documented.length, 0);
    compile(
      documented.flatMap((program, index) => (usesTheSdk(program) ? [] : [pathOf(index)])),
      false,
    );
    compile(
      documented.map((_program, index) => pathOf(index)),
      true,
    );
  });

  function compile(paths: readonly string[], skipLibCheck: boolean): void {
    const options: ts.CompilerOptions = {
      strict: true,
      target: ts.ScriptTarget.ES2020,
      module: ts.ModuleKind.CommonJS,
      moduleResolution: ts.ModuleResolutionKind.Node10,
      // A new project has TypeScript 5, which doesn't support this setting.
      ...(ts.versionMajorMinor.startsWith("5.") ? {} : { ignoreDeprecations: "6.0" }),
      forceConsistentCasingInFileNames: true,
      types: ["node"],
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

  for (const [index, program] of documented.entries()) {
    const { page, section, line, outputs } = program;
    const title = `${page}, line ${line}, ${section}`;
    if (usesTheSdk(program)) {
      it(`${title}: has the outputs shown`, async () => {
        const { host } = new URL(emulator.endpoint);
        const local = program.code
          .replace("outboundbot.cn-shanghai.aliyuncs.com", host)
          .replace('protocol: "HTTPS"', 'protocol: "HTTP"');
        assert.notEqual(local, program.code);
        const path = join(folder, "local", "index.ts");
        write(path, local);
        assert.deepEqual(await printedBy(documentProgram, path), outputs);
      });
    } else {
      it(`${title}: ${outputs === undefined ? "runs" : "has the outputs shown"}`, async () => {
        const found = isScript(program)
          ? await printedBy(pathOf(index))
          : await printedBy(documentProgram, pathOf(index));
        if (outputs !== undefined) {
          assert.deepEqual(found, outputs);
        }
      });
    }
  }

  /** Returns the last line that a module prints, as JSON. */
  async function printedBy(...module: readonly string[]): Promise<unknown> {
    const { status, stdout, stderr } = await run(process.execPath, ["--import", "tsx", ...module], {
      env: settings(),
    });
    assert.equal(status, 0, stderr);
    return JSON.parse(stdout.split("\n").at(-2) ?? "");
  }
});

// The code of both READMEs is the same, so the tests of the programs in README.md cover README.zh-CN.md as well.
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

/** Returns whether a program runs outside Pulumi. */
function isScript({ code }: Program): boolean {
  return !/^export /m.test(code);
}

function usesTheSdk({ code }: Program): boolean {
  return code.includes("@alicloud/openapi-client");
}
