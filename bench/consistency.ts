// Prints the table of docs/consistency.md: the results of lookups whose list changes while it is read. Deterministic.
import { sequences, tableOf, tallyChangingLists } from "./changingLists.js";

void tallyChangingLists(sequences).then((tallies) => console.log(tableOf(tallies).join("\n")));
