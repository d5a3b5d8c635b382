import assert from "node:assert/strict";
import { head, line, rows, subject } from "../../bench/limiterTable.js";
import { readDocument } from "../helpers/markdown.js";

describe("the figures of docs/pace.md", () => {
  const lines = readDocument("docs/pace.md").split("\n");
  const table = lines.slice(lines.indexOf(head[0] ?? ""));

  it("have one line for each simulated service", () => {
    assert.deepEqual(table.slice(0, head.length), head);
    const subjects = table
      .slice(head.length, table.indexOf(""))
      .map((text) => text.split(" | ", 2).join(" | ").concat(" |"));
    assert.deepEqual(subjects, rows.map(subject));
  });

  // Checks bounds instead of exact figures, so that a harmless change of the limiter doesn't change a document.
  for (const row of rows) {
    it(`match the simulation: ${subject(row)}`, () => {
      const documented = figures(table.find((text) => text.startsWith(subject(row))) ?? "");
      const simulated = figures(line(row));
      for (const [name, most] of Object.entries(bounds)) {
        const [was, is] = [documented[name], simulated[name]];
        assert.ok(
          was !== undefined && is !== undefined && is <= most(was),
          `${name}: ${is} instead of ${was}`,
        );
      }
    });
  }
});

const bounds: Readonly<Record<string, (documented: number) => number>> = {
  "median, s": (seconds) => seconds * 1.1 + 0.02,
  "worst, s": (seconds) => seconds * 1.3 + 0.1,
  "throttled, median": (calls) => calls * 1.1 + 2,
  "throttled, worst": (calls) => calls * 1.2 + 4,
};

/** Returns the figures of a table line by column. */
function figures(text: string): Record<string, number> {
  const cells = text.split("|").map((cell) => Number(cell));
  return {
    "median, s": cells[4] ?? Number.NaN,
    "worst, s": cells[5] ?? Number.NaN,
    "throttled, median": cells[6] ?? Number.NaN,
    "throttled, worst": cells[7] ?? Number.NaN,
  };
}
