import type { instanceLookup } from "../lookup/instances.js";

/** The lookups of instances, which take long to load, among them the vendor's SDK. */
export function loadInstanceLookup(): typeof instanceLookup {
  const lookups: typeof import("../lookup/instances.js") = require("../lookup/instances.js");
  return lookups.instanceLookup;
}
