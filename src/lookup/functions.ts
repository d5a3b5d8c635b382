import { instances } from "../lists/instances.js";
import { outboundCallNumbers } from "../lists/outboundCallNumbers.js";
import { scripts } from "../lists/scripts.js";
import { type Find, Lookups } from "./lookup.js";

export const instanceLookup = new Lookups(instances);
export const scriptLookup = new Lookups(scripts);
export const outboundCallNumberLookup = new Lookups(outboundCallNumbers);

/** The `get…` functions of all lists, by name. */
export const functions: ReadonlyMap<string, Find> = new Map(
  [instanceLookup, scriptLookup, outboundCallNumberLookup].flatMap((lookups) => [...lookups.functions]),
);
