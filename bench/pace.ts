// Prints the table of docs/pace.md: simulated time and waste of the pace against services of many kinds. Always the same.
import { head, line, rows } from "../test/limiter/paceTable.js";

for (const text of [...head, ...rows.map(line)]) {
  console.log(text);
}
