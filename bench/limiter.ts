// Prints the table of docs/pace.md: simulated time and throttled calls of the rate limiter with many kinds of services.
// Deterministic.
import { head, line, rows } from "./limiterTable.js";

for (const text of [...head, ...rows.map(line)]) {
  console.log(text);
}
