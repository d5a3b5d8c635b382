// npm run api: writes the public names of both entry points and their types into api/, to be reviewed with what changed them.
import { cpSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Extractor, ExtractorConfig, ExtractorLogLevel } from "@microsoft/api-extractor";
import { Finding, temporaryFolder } from "./gate.mjs";
import { install, root, run } from "./tools.mjs";

const entries = { index: "dist/index.d.ts", emulator: "dist/emulator/index.d.ts" };

/** Writes reports of what is built into a folder. @throws what is wrong in the declarations. */
function extract(folder) {
  const complaints = [];
  for (const [name, path] of Object.entries(entries)) {
    const config = ExtractorConfig.prepare({
      configObjectFullPath: join(root, "api-extractor.json"),
      packageJsonFullPath: join(root, "package.json"),
      configObject: {
        projectFolder: root,
        mainEntryPointFilePath: join(root, path),
        newlineKind: "lf",
        compiler: { tsconfigFilePath: join(root, "tsconfig.build.json") },
        apiReport: {
          enabled: true,
          reportFileName: `${name}.api.md`,
          reportFolder: folder,
          reportTempFolder: temporaryFolder("api"),
        },
        docModel: { enabled: false },
        dtsRollup: { enabled: false },
        tsdocMetadata: { enabled: false },
        messages: {
          compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.Error } },
          extractorMessageReporting: {
            default: { logLevel: ExtractorLogLevel.Error },
            // Every exported name is public: there are no release tags.
            "ae-missing-release-tag": { logLevel: ExtractorLogLevel.None },
            // npm run docs says what is undocumented.
            "ae-undocumented": { logLevel: ExtractorLogLevel.None },
            "ae-unresolved-link": { logLevel: ExtractorLogLevel.None },
          },
          // npm run docs reads the comments.
          tsdocMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
        },
      },
    });
    Extractor.invoke(config, {
      localBuild: true,
      messageCallback(message) {
        message.handled = true;
        if (message.logLevel === ExtractorLogLevel.Error) {
          complaints.push(`${message.sourceFilePath ?? name}: ${message.text}`);
        }
      },
    });
  }
  if (complaints.length > 0) {
    throw new Finding(complaints.join("\n"));
  }
}

/** @throws the reports that are not those in api/. */
export function checkApi() {
  const folder = temporaryFolder("api");
  extract(folder);
  for (const name of Object.keys(entries)) {
    const file = `${name}.api.md`;
    const [kept, found] = [join(root, "api", file), join(folder, file)].map((path) => readOrEmpty(path));
    if (kept !== found) {
      throw new Finding(
        `api/${file} is not what is built:\n${difference(kept, found)}\nIf that is meant: npm run api, and review it.`,
      );
    }
  }
}

function readOrEmpty(path) {
  try {
    return readFileSync(path, "utf8").replaceAll("\r\n", "\n");
  } catch {
    return "";
  }
}

/** The lines that only one of the texts has. */
function difference(kept, found) {
  const only = (one, other, mark) => one.filter((line) => !other.includes(line)).map((line) => mark + line);
  const [before, after] = [kept.split("\n"), found.split("\n")];
  return [...only(before, after, "- "), ...only(after, before, "+ ")].join("\n");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await install();
  await run(process.execPath, ["scripts/build.mjs"]);
  const folder = temporaryFolder("api");
  extract(folder);
  mkdirSync(join(root, "api"), { recursive: true });
  cpSync(folder, join(root, "api"), { recursive: true });
  console.log("Written: api/");
}
