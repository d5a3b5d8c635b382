import { instanceLookup } from "./instances.js";
import type { Find } from "./lookup.js";
import { outboundCallNumberLookup } from "./outboundCallNumbers.js";
import { scriptLookup } from "./scripts.js";

/** The `get…` functions of all lists, by name. */
export const functions: ReadonlyMap<string, Find> = new Map(
  [instanceLookup, scriptLookup, outboundCallNumberLookup].flatMap((lookup) => [...lookup.functions]),
);
