// npm run schema: writes src/plugin/schema.json, and the import path of the Go SDK in programs. Tests compare both.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { anyGoImportPath, goImportPath, goPrograms, makeSchema } from "./schema.js";

const root = join(__dirname, "../..");
for (const path of goPrograms()) {
  const file = join(root, path);
  writeFileSync(file, readFileSync(file, "utf8").replaceAll(anyGoImportPath, goImportPath()));
}
writeFileSync(join(root, "src/plugin/schema.json"), `${JSON.stringify(makeSchema(), null, 2)}\n`);
