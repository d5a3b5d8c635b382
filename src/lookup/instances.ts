import { instances } from "../lists/instances.js";
import { Lookup } from "./lookup.js";

/** The lookups of instances. */
export const instanceLookup = new Lookup(instances);
