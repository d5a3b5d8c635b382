// npm run schema: writes src/plugin/schema.json, and the addresses in documents and programs that depend on the repository.
// Tests compare both.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  anyGoImportPath,
  anyPluginServer,
  goImportPath,
  goPrograms,
  makeSchema,
  pluginServer,
} from "./schema.js";

const root = join(__dirname, "../..");
for (const path of goPrograms()) {
  const file = join(root, path);
  const text = readFileSync(file, "utf8");
  writeFileSync(
    file,
    text.replaceAll(anyGoImportPath, goImportPath()).replaceAll(anyPluginServer, pluginServer()),
  );
}
writeFileSync(join(root, "src/plugin/schema.json"), `${JSON.stringify(makeSchema(), null, 2)}\n`);
