import assert from "node:assert/strict";
import { readDocument } from "../documents/markdown.js";
import { head, line, rows, subject } from "./paceTable.js";

describe("the figures of docs/pace.md", () => {
  const lines = readDocument("docs/pace.md").split("\n");
  const table = lines.slice(lines.indexOf(head[0] ?? ""));

  it("have one line for each service of the simulation", () => {
    assert.deepEqual(table.slice(0, head.length), head);
    const subjects = table
      .slice(head.length, table.indexOf(""))
      .map((text) => text.split(" | ", 2).join(" | ").concat(" |"));
    assert.deepEqual(subjects, rows.map(subject));
  });

  for (const row of rows) {
    it(`are those of the simulation: ${subject(row)}`, () => {
      assert.equal(
        table.find((text) => text.startsWith(subject(row))),
        line(row),
      );
    });
  }
});
