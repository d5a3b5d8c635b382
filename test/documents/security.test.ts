import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { root } from "../helpers/child.js";
import { readDocument } from "../helpers/markdown.js";

const header = "| promise | how it is held | test |";

/** Returns the rows of all tables of a document, without their headers, as cells. */
function rowsOf(markdown: string): string[][] {
  const rows = markdown.split("\n").filter((line) => line.startsWith("|"));
  assert.equal(
    rows.filter((row) => row === header).length,
    rows.filter((row) => /^[|-]+$/.test(row)).length,
    `each table has the header ${header}`,
  );
  return rows
    .filter((row) => row !== header && !/^[|-]+$/.test(row))
    .map((row) => row.split("|").slice(1, -1));
}

/** Returns the titles of a file's tests, with … for each value in a template. */
function titlesOf(path: string): Set<string> {
  const calls = readDocument(path).matchAll(/\bit\(\s*(["'`])((?:\\.|(?!\1).)*)\1/gs);
  return new Set([...calls].map(([, , title = ""]) => title.replaceAll(/\$\{[^}]*\}/g, "…")));
}

/** Returns whether a test has this title, or exactly one test has a title that begins like an abbreviated one. */
function matches(existing: ReadonlySet<string>, title: string): boolean {
  const isBeginning = title.endsWith(" …");
  return (
    existing.has(title) ||
    (isBeginning && [...existing].filter((other) => other.startsWith(title.slice(0, -1))).length === 1)
  );
}

/** Returns why a row of the table is wrong; empty if its promise has tests, and all of them exist. */
function problemsOf([promise = "", held = "", test = ""]: readonly string[]): string[] {
  const name = promise.trim();
  const files = [...test.matchAll(/\[[^\]]+\]\(\.\.\/(test\/[^)]+)\)((?:;? "[^"]+")*)/g)];
  const rest = files.reduce((left, [whole]) => left.replace(whole, ""), test).replaceAll(/[;\s]/g, "");
  const problems = files.flatMap(([, path = "", quoted = ""]) => {
    const titles = [...quoted.matchAll(/"([^"]+)"/g)].map(([, title = ""]) => title);
    if (!existsSync(join(root, path))) {
      return [`${name}: ${path} doesn't exist`];
    }
    const existing = titlesOf(path);
    const missing = titles.filter((title) => !matches(existing, title));
    return [
      ...(titles.length === 0 ? [`${name}: ${path} without a title`] : []),
      ...missing.map((title) => `${name}: ${path} has no test "${title}"`),
    ];
  });
  return [
    ...problems,
    ...(files.length === 0 ? [`${name}: no test`] : []),
    ...(rest === "" ? [] : [`${name}: ${rest} isn't the name of a test`]),
    ...(name === "" || held.trim() === "" ? [`${name}: an empty cell`] : []),
  ];
}

describe("docs/security.md", () => {
  it("names an existing test for each promise", () => {
    const rows = rowsOf(readDocument("docs/security.md"));
    assert.ok(rows.length > 30);
    assert.deepEqual(rows.flatMap(problemsOf), []);
  });

  it("fails for a promise without a test, or with one that doesn't exist", () => {
    const file = "[security.test.ts](../test/documents/security.test.ts)";
    const rows = {
      "": ["P: no test"],
      someday: ["P: no test", "P: someday isn't the name of a test"],
      [file]: ["P: test/documents/security.test.ts without a title"],
      [`${file} "names an existing test for each promise"; "no such title"`]: [
        'P: test/documents/security.test.ts has no test "no such title"',
      ],
      '[none.test.ts](../test/none.test.ts) "a title"': ["P: test/none.test.ts doesn't exist"],
    };
    for (const [test, problems] of Object.entries(rows)) {
      assert.deepEqual(
        rowsOf(`${header}\n|---|---|---|\n| P | how | ${test} |`).flatMap(problemsOf),
        problems,
      );
    }
  });
});
