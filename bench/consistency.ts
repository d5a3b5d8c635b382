// Prints the table of docs/consistency.md: what lookups return of lists that change while they are read. Always the same.
import { sequences, tableOf, tallyChangingLists } from "./changingLists.js";

void tallyChangingLists(sequences).then((tallies) => console.log(tableOf(tallies).join("\n")));
