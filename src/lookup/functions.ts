import { instanceLookup } from "./instances.js";
import type { Find } from "./lookup.js";

/** The functions of every list that find something, by name. */
export const functions: ReadonlyMap<string, Find> = new Map([...instanceLookup.functions]);
