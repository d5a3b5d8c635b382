import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./child.js";

/** A code block of a document. */
export interface CodeBlock {
  readonly language: string;
  readonly code: string;
  /** The heading above it. */
  readonly section: string;
  /** The line number of its first line of code, from 1. */
  readonly line: number;
}

export function readDocument(path: string): string {
  return readFileSync(join(root, path), "utf8");
}

/** Returns the code blocks of a document, in order. */
export function codeBlocks(markdown: string): CodeBlock[] {
  const blocks: CodeBlock[] = [];
  let section = "";
  let open: { language: string; line: number; lines: string[] } | undefined;
  for (const [index, text] of markdown.split("\n").entries()) {
    const fence = /^```(\w*)$/.exec(text);
    if (open !== undefined && fence !== null) {
      blocks.push({ language: open.language, code: open.lines.join("\n"), section, line: open.line });
      open = undefined;
    } else if (open !== undefined) {
      open.lines.push(text);
    } else if (fence !== null) {
      open = { language: fence[1] ?? "", line: index + 2, lines: [] };
    } else if (/^#+ /.test(text)) {
      section = text.replace(/^#+ /, "");
    }
  }
  return blocks;
}

/** A program of a document, and the outputs shown below it. */
export interface Program extends CodeBlock {
  readonly outputs: unknown;
}

/** Returns the programs of a document: its TypeScript blocks, each with the JSON that follows it in its section. */
export function programs(blocks: readonly CodeBlock[]): Program[] {
  return blocks.flatMap((block, index) => {
    if (block.language !== "ts") {
      return [];
    }
    const next = blocks[index + 1];
    const hasOutputs = next?.language === "json" && next.section === block.section;
    return [{ ...block, outputs: hasOutputs ? JSON.parse(next.code) : undefined }];
  });
}
