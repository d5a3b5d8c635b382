import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { root } from "./helpers/child.js";

/** A TypeScript example that a reader would copy. */
interface Example {
  /** The location, for error messages. */
  readonly source: string;
  readonly text: string;
}

describe("every example", () => {
  it("in a doc comment or a document compiles", () => {
    const examples = [...sourceFiles().flatMap(inComments), ...documents().flatMap(inDocument)];
    const places = new Set(examples.map(({ source }) => source.split(":", 1)[0]));
    for (const place of [
      "src/pulumi/instanceFunctions.ts",
      "src/emulator/emulator.ts",
      "docs/emulator.md",
      "docs/errors.md",
    ]) {
      assert.ok(places.has(place), `no example was found in ${place}`);
    }
    assert.deepEqual(problems(examples), []);
  });

  it("fails to compile when it calls an unknown name", () => {
    const text = 'import { getInstances } from "pulumi-outboundbot";\nawait getInstances({ tag: {} });\n';
    assert.deepEqual(problems([{ source: "a test", text }]), [
      "a test, line 2: Object literal may only specify known properties, but 'tag' does not exist in type 'GetInstancesArgs'. Did you mean to write 'tags'?",
    ]);
  });
});

function sourceFiles(): string[] {
  return readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts"))
    .map((path) => `src/${path.replaceAll("\\", "/")}`);
}

/** Returns the documents. test/documents compiles and runs the programs of the READMEs and docs/comparison.md. */
function documents(): string[] {
  return readdirSync(join(root, "docs"))
    .filter((name) => name.endsWith(".md") && name !== "comparison.md")
    .map((name) => `docs/${name}`);
}

/** Returns the code of each `@example` of a file. */
function inComments(path: string): Example[] {
  const file = ts.createSourceFile(
    path,
    readFileSync(join(root, path), "utf8"),
    ts.ScriptTarget.Latest,
    true,
  );
  const found: Example[] = [];
  const visit = (node: ts.Node): void => {
    for (const comment of ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc)) {
      const line = file.getLineAndCharacterOfPosition(comment.pos).line + 1;
      for (const tag of comment.tags ?? []) {
        if (tag.tagName.text === "example") {
          const code = codeOf(ts.getTextOfJSDocComment(tag.comment) ?? "");
          assert.ok(code.length > 0, `${path}:${line} has an @example without code`);
          found.push(...code.map((text) => ({ source: `${path}:${line}`, text })));
        }
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function inDocument(path: string): Example[] {
  return codeOf(readFileSync(join(root, path), "utf8")).map((text, index) => ({
    source: `${path}: example ${index + 1}`,
    text,
  }));
}

function codeOf(markdown: string): string[] {
  return [...markdown.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = ""]) => code);
}

/** Returns the compile errors of the examples, each as a separate module of one program. */
function problems(examples: readonly Example[]): string[] {
  const { config } = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const withPackage: ts.CompilerOptions = {
    ...options,
    // Uses the sources, not the last build.
    paths: {
      "pulumi-outboundbot": [join(root, "src/index.ts")],
      "pulumi-outboundbot/emulator": [join(root, "src/emulator/index.ts")],
    },
  };
  // A module of the newer kind, so that `await` may stand at its top.
  const files = new Map(examples.map((example, index) => [join(root, `example${index}.mts`), example]));
  const host = ts.createCompilerHost(withPackage);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (path) => files.has(path) || fileExists(path);
  host.readFile = (path) => files.get(path)?.text ?? readFile(path);
  host.getSourceFile = (path, language, ...others) => {
    const example = files.get(path);
    return example === undefined
      ? getSourceFile(path, language, ...others)
      : ts.createSourceFile(path, example.text, language, true);
  };
  const program = ts.createProgram([...files.keys()], withPackage, host);
  return [...files].flatMap(([path, { source }]) => {
    const file = program.getSourceFile(path);
    return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map(
      ({ start = 0, messageText }) => {
        const line = file?.getLineAndCharacterOfPosition(start).line ?? 0;
        return `${source}, line ${line + 1}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`;
      },
    );
  });
}
