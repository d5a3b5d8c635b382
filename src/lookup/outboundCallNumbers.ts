import { outboundCallNumbers } from "../lists/outboundCallNumbers.js";
import { Lookup } from "./lookup.js";

/** The lookups of phone numbers. */
export const outboundCallNumberLookup = new Lookup(outboundCallNumbers);
