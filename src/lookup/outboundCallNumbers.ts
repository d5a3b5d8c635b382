import { outboundCallNumbers } from "../lists/outboundCallNumbers.js";
import { Lookup } from "./lookup.js";

/** The lookups of the numbers that an instance can call from. */
export const outboundCallNumberLookup = new Lookup(outboundCallNumbers);
