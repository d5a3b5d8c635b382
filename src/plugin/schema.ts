import { packageVersion } from "../common/version.js";
import schema from "./schema.json";

/** The schema that the SDKs of all languages are generated from, as JSON. The version has one home, package.json. */
export function schemaText(): string {
  return JSON.stringify({ ...schema, version: packageVersion });
}
