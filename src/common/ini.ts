import { InvalidText } from "./invalidText.js";

/**
 * Parses the sections of an INI file. A line that is neither a section, a setting nor a comment could be a section that some
 * tools recognize, so that the settings below it belong to another account. Such a file is rejected, as by the vendor's SDKs.
 *
 * @throws InvalidText
 */
export function parseIni(text: string): ReadonlyMap<string, Readonly<Record<string, string>>> {
  const sections = new Map<string, Record<string, string>>();
  let section: Record<string, string> | undefined;
  for (const [index, line] of text.split(/\r\n|\r|\n/).entries()) {
    const reject = (problem: string) => new InvalidText(index + 1, problem);
    const content = line.trim();
    if (isCommentOrEmpty(content)) {
      continue;
    }
    if (content.startsWith("[")) {
      const end = content.indexOf("]");
      const name = content.slice(1, end).trim();
      if (end < 0 || name === "" || !isCommentOrEmpty(content.slice(end + 1).trim())) {
        throw reject("a section must have the form [name]");
      }
      if (sections.has(name)) {
        throw reject("an earlier section has the same name");
      }
      section = {};
      sections.set(name, section);
      continue;
    }
    const separator = content.search(/[=:]/);
    const key = content.slice(0, Math.max(0, separator)).trim().toLowerCase();
    const value = unquoted(content.slice(separator + 1).trim());
    if (!/^[\p{L}\p{N}_.\- ]+$/u.test(key) || value === undefined) {
      throw reject("expected a section, a setting (key = value) or a comment");
    }
    if (section !== undefined && Object.hasOwn(section, key)) {
      throw reject("the section has the same key already");
    }
    Object.assign(section ?? {}, { [key]: value });
  }
  return sections;
}

function isCommentOrEmpty(content: string): boolean {
  return content === "" || content.startsWith("#") || content.startsWith(";");
}

/**
 * Returns a value without its quotation marks and without a comment, which starts after a blank. A secret may contain the comment
 * sign itself.
 *
 * @returns `undefined` for a value that continues on the next line, or with text after its quotation marks.
 */
function unquoted(text: string): string | undefined {
  const quote = /^["'`]/.exec(text)?.[0];
  if (quote !== undefined) {
    const end = text.indexOf(quote, 1);
    return end > 0 && isCommentOrEmpty(text.slice(end + 1).trim()) ? text.slice(1, end) : undefined;
  }
  const comment = text.search(/(?:^|\s)[#;]/);
  const value = comment < 0 ? text : text.slice(0, comment).trim();
  return value.endsWith("\\") ? undefined : value;
}
