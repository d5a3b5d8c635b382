/** The sections of an INI file and their settings. Lines that are neither are passed over, as the vendor's SDKs do. */
export function parseIni(text: string): Map<string, Record<string, string>> {
  const sections = new Map<string, Record<string, string>>();
  let section: Record<string, string> | undefined;
  for (const line of text.split(/\r?\n/)) {
    const content = line.trim();
    const name = /^\[(.*)\]$/.exec(content)?.[1]?.trim();
    if (name !== undefined) {
      section = sections.get(name) ?? {};
      sections.set(name, section);
      continue;
    }
    const separator = content.indexOf("=");
    if (section !== undefined && separator > 0 && !/^[#;]/.test(content)) {
      section[content.slice(0, separator).trim()] = withoutComment(content.slice(separator + 1));
    }
  }
  return sections;
}

/** A comment begins after a blank; a secret may hold the sign itself. */
function withoutComment(value: string): string {
  return value.replace(/\s[#;].*$/, "").trim();
}
