// Finds links that lead nowhere: to a file that is not there, or to a heading that its page does not have.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, posix, relative } from "node:path";
import GithubSlugger from "github-slugger";
import MarkdownIt from "markdown-it";
import { documents } from "./documents.mjs";
import { root } from "./tools.mjs";

/**
 * One file with links.
 *
 * @typedef {{ links: string[], anchors: Set<string> }} Page
 */

const markdown = new MarkdownIt({ html: true });

/** @returns {Page} what GitHub makes of a document: its links and images, and the anchors of its headings. */
function readMarkdown(path) {
  const slugger = new GithubSlugger();
  const page = { links: [], anchors: new Set() };
  const blocks = markdown.parse(readFileSync(path, "utf8"), {});
  for (const [index, block] of blocks.entries()) {
    if (block.type === "heading_open") {
      page.anchors.add(slugger.slug(textOf(blocks[index + 1])));
    }
    for (const { type, attrs } of block.children ?? []) {
      if (type === "link_open" || type === "image") {
        page.links.push(Object.fromEntries(attrs)[type === "image" ? "src" : "href"]);
      }
    }
  }
  return page;
}

function textOf({ children }) {
  return children
    .map(({ type, content }) => (type === "text" || type === "code_inline" ? content : ""))
    .join("");
}

/** @returns {Page} of a page that typedoc wrote: it quotes every attribute, and escapes what stands in one. */
function readHtml(path) {
  const text = readFileSync(path, "utf8");
  const values = (names) =>
    [...text.matchAll(new RegExp(`<[a-z][^<>]*? (?:${names})="([^"]*)"`, "gs"))].map(([, value]) =>
      value.replaceAll("&amp;", "&"),
    );
  return { links: values("href|src"), anchors: new Set(values("id|name")) };
}

const isExternal = (link) => /^[a-z][a-z0-9+.-]*:/i.test(link);

/**
 * @param pages every page, by its path below `folder`.
 * @returns {string[]} what is wrong, one line a link.
 */
function brokenLinks(pages, folder) {
  return [...pages].flatMap(([path, { links }]) =>
    links
      .filter((link) => !isExternal(link))
      .filter((link) => {
        const [file = "", anchor] = decodeURI(link).split("#");
        const target = file === "" ? path : posix.join(posix.dirname(path), file.split("?")[0]);
        if (target.startsWith("..") || !existsSync(join(folder, target))) {
          return true;
        }
        const page = pages.get(target);
        return anchor !== undefined && anchor !== "" && page !== undefined && !page.anchors.has(anchor);
      })
      .map((link) => `${path}: ${link} leads nowhere`),
  );
}

/** @returns what is wrong in the documents, how many own links they have, and which links lead elsewhere. */
export function checkDocuments(paths = documents(), folder = root) {
  const pages = new Map(paths.map((path) => [path, readMarkdown(join(folder, path))]));
  return outcome(pages, folder);
}

/** The same for the pages of a built site. */
export function checkSite(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".html"))
    .map((entry) => join(entry.parentPath, entry.name));
  const pages = new Map(files.map((path) => [relative(folder, path).replaceAll("\\", "/"), readHtml(path)]));
  return outcome(pages, folder);
}

function outcome(pages, folder) {
  const links = [...pages.values()].flatMap((page) => page.links);
  const external = links.filter(isExternal);
  return {
    broken: brokenLinks(pages, folder),
    own: links.length - external.length,
    external: new Set(external.map((link) => link.split("#")[0]).filter((link) => /^https?:/.test(link))),
  };
}

/** How long one host gets to answer, in milliseconds. */
const patience = 10_000;

/**
 * Asks for each address once.
 *
 * @returns {Promise<Map<string, string>>} what came of each: a status, or why there is none.
 */
export async function askFor(addresses) {
  const answers = await Promise.all(
    [...addresses].map(async (address) => {
      try {
        const { status } = await fetch(address, { signal: AbortSignal.timeout(patience) });
        return [address, String(status)];
      } catch (error) {
        return [address, `no answer (${error.cause?.code ?? error.name})`];
      }
    }),
  );
  return new Map(answers);
}
