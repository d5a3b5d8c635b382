// The Markdown documents of this repository.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "./tools.mjs";

/** Their paths below the repository's folder. Reports and code that are made by a tool have no place here. */
export function documents() {
  const examples = readdirSync(join(root, "examples")).map((name) => `examples/${name}`);
  return [".", ".github", "docs", ...examples].flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((name) => name.endsWith(".md"))
      .sort()
      .map((name) => (folder === "." ? name : `${folder}/${name}`)),
  );
}
