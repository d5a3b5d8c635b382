import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isRecord } from "./values.js";

/** This package's version, as its package.json states it. */
export function packageVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(join(__dirname, "..", "..", "package.json"), "utf8"));
  if (!isRecord(manifest) || typeof manifest.version !== "string") {
    throw new TypeError("the package.json of pulumi-outboundbot has no version");
  }
  return manifest.version;
}
