// npm run docs: builds the API reference and the documents as a site in site/, to be opened as files.
// With --external it also asks for every address that the site and the documents link to.
import { rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Application, Converter, Logger, LogLevel, ReflectionKind } from "typedoc";
import { documents } from "./documents.mjs";
import { Finding } from "./gate.mjs";
import { askFor, checkDocuments, checkSite } from "./links.mjs";
import { install, root, run } from "./tools.mjs";

/** Keeps what typedoc complains about. */
class Complaints extends Logger {
  texts = [];

  log(message, level) {
    if (level >= LogLevel.Warn) {
      this.texts.push(message.replaceAll(`${root}/`, ""));
    }
  }
}

/**
 * Builds the site from what is built, as those who install this package see it.
 *
 * @throws what is undocumented, or linked to and not there.
 */
export async function buildSite(folder) {
  const app = await Application.bootstrap({
    entryPoints: ["dist/index.d.ts", "dist/emulator/index.d.ts"].map((path) => join(root, path)),
    tsconfig: join(root, "tsconfig.docs.json"),
    // The gate of types checks them.
    skipErrorChecking: true,
    excludeExternals: true,
    excludePrivate: true,
    disableSources: true,
    name: "pulumi-outboundbot",
    readme: join(root, "README.md"),
    projectDocuments: documents()
      .filter((path) => path !== "README.md")
      .map((path) => join(root, path)),
    highlightLanguages: ["typescript", "json", "shellscript", "python", "go", "yaml", "text", "mermaid"],
    // Its page has no anchors for interfaces that extend a mapped type, which their own pages link to.
    includeHierarchySummary: false,
    sort: ["source-order"],
    // As GitHub shows the documents: a host's name is no link.
    markdownItOptions: { html: true, linkify: false },
    validation: { notDocumented: true, invalidLink: true, invalidPath: true, notExported: true },
    requiredToBeDocumented: [
      "Module",
      "Variable",
      "Function",
      "Class",
      "Interface",
      "Constructor",
      "Property",
      "Method",
      "Parameter",
      "TypeAlias",
    ],
    // Which member of the union it is; the comment of the member says what that means.
    intentionallyNotDocumented: ["AnswerFault", "DeliveryFault", "ListFault"]
      .map((name) => `pulumi-outboundbot/emulator.${name}.__type.kind`)
      .concat("pulumi-outboundbot/emulator.When.__type.calls"),
  });
  const complaints = new Complaints();
  app.logger = complaints;
  app.converter.on(Converter.EVENT_CREATE_DOCUMENT, (_context, document) => nameAfterFolder(document));
  const project = await app.convert();
  if (project !== undefined) {
    app.validate(project);
    complaints.texts.push(...withoutExample(project));
    await app.generateDocs(project, folder);
  }
  if (complaints.texts.length > 0) {
    throw new Finding(complaints.texts.join("\n"));
  }
}

/** Several documents are called README; each of them is about its folder. */
function nameAfterFolder(document) {
  const path = document.project.files.getReflectionPath(document);
  if (basename(path) === "README.md") {
    document.name = basename(dirname(path));
  }
}

/** The functions and classes that show no example of their use. */
function withoutExample(project) {
  return project
    .getReflectionsByKind(ReflectionKind.Class | ReflectionKind.Function)
    .filter((reflection) =>
      [reflection, ...(reflection.signatures ?? [])].every(
        ({ comment }) => comment?.getTag("@example") === undefined,
      ),
    )
    .map((reflection) => `${reflection.getFullName()} has no example`);
}

/**
 * Checks that the site can be built, and every own link of it and of the documents.
 *
 * @returns what there is, in a few words, and the links that lead elsewhere.
 * @throws what is wrong.
 */
export async function checkDocs(folder) {
  await buildSite(folder);
  const [inDocuments, inSite] = [checkDocuments(), checkSite(folder)];
  const broken = [...inDocuments.broken, ...inSite.broken];
  if (broken.length > 0) {
    throw new Finding(broken.join("\n"));
  }
  const external = new Set([...inDocuments.external, ...inSite.external]);
  return {
    summary: `${inDocuments.own} own links in the documents, ${inSite.own} in the site, ${external.size} to elsewhere`,
    external,
  };
}

async function main() {
  await install();
  await run(process.execPath, ["scripts/build.mjs"]);
  const site = join(root, "site");
  rmSync(site, { recursive: true, force: true });
  const { summary, external } = await checkDocs(site);
  console.log(`Written: site/index.html; every one of its links leads somewhere: ${summary}.`);
  if (process.argv.includes("--external")) {
    const answers = await askFor(external);
    for (const [address, answer] of answers) {
      console.log(`${answer}  ${address}`);
    }
    const statuses = [...answers.values()].filter((answer) => /^\d/.test(answer));
    console.log(`${statuses.length} of ${answers.size} answered; what did not answer is not checked.`);
    process.exitCode = statuses.some((status) => /^[45]/.test(status)) ? 1 : 0;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main().catch((error) => {
    if (!(error instanceof Finding)) {
      throw error;
    }
    console.error(error.message);
    process.exitCode = 1;
  });
}
