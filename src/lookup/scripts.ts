import { scripts } from "../lists/scripts.js";
import { Lookup } from "./lookup.js";

/** The lookups of scripts. */
export const scriptLookup = new Lookup(scripts);
