import type { instanceLookup } from "../lookup/instances.js";

/** Loads the instance lookups and the vendor's SDK on first use, because loading them is slow. */
export function loadInstanceLookup(): typeof instanceLookup {
  const lookups: typeof import("../lookup/instances.js") = require("../lookup/instances.js");
  return lookups.instanceLookup;
}
