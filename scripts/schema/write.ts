// npm run schema: writes src/plugin/schema.json, which a test holds to what this makes.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeSchema } from "./schema.js";

const file = join(__dirname, "../../src/plugin/schema.json");
writeFileSync(file, `${JSON.stringify(makeSchema(), null, 2)}\n`);
