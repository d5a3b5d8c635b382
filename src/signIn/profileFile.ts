import { readFile, realpath, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { replaceFile } from "../common/replaceFile.js";
import { isRecord } from "../common/values.js";
import { noCredentials, parseObject } from "./common.js";
import { Profile } from "./profile.js";

/** A file of profiles, of the vendor's command-line client (JSON) or of its SDKs (INI). */
export interface ProfileFile {
  readonly path: string;
  /** The profile that is used when none is named. */
  readonly current: string;
  readonly profiles: ReadonlyMap<string, StoredProfile>;
}

/** A profile of a file. Fields that aren't texts, numbers or truth values count as missing. */
export class StoredProfile extends Profile {
  readonly path: string;
  readonly name: string;
  /** All profiles of the file. */
  readonly siblings: ReadonlyMap<string, StoredProfile>;

  constructor(path: string, name: string, given: object, siblings: ReadonlyMap<string, StoredProfile>) {
    const source = `profile "${name}" of ${path}`;
    const settings = Object.entries(given)
      .filter(([, value]) => ["string", "number", "boolean"].includes(typeof value))
      .map(([key, value]) => ({ key, value: String(value).trim(), source }))
      .filter(({ value }) => value !== "");
    super(source, Object.fromEntries(settings.map((setting) => [setting.key, setting])));
    this.path = path;
    this.name = name;
    this.siblings = siblings;
  }
}

/** Replaces a leading `~` with the home directory. */
export function expandHome(path: string, home: string | undefined): string {
  return /^~(?=$|[/\\])/.test(path) ? join(home ?? homedir(), path.slice(1)) : path;
}

/** The profile files of the vendor's tools. */
export const cliFile = "~/.aliyun/config.json";
export const sdkFile = "~/.alibabacloud/credentials";

/**
 * Reads a file of profiles. The vendor's readers put the text of an unparsable file, secrets included, into their error; this
 * reader's error names only the file and the problem.
 *
 * @throws SettingsError `NoCredentials`.
 */
export async function readProfileFile(path: string): Promise<ProfileFile> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    const why =
      error.code === "ENOENT" ? "doesn't exist" : `can't be read (${error.code ?? "unknown reason"})`;
    throw noCredentials(`${path} ${why}`);
  });
  const content = text.replace(/^\uFEFF/, "").trim();
  return content.startsWith("{") || path.endsWith(".json") ? readJson(content, path) : readIni(content, path);
}

function readJson(text: string, path: string): ProfileFile {
  const fields = parseObject(text);
  if (fields === undefined) {
    throw noCredentials(`${path} is not a JSON object`);
  }
  const profiles = new Map<string, StoredProfile>();
  for (const profile of Array.isArray(fields.profiles) ? fields.profiles : []) {
    if (isRecord(profile) && typeof profile.name === "string" && !profiles.has(profile.name)) {
      profiles.set(profile.name, new StoredProfile(path, profile.name, profile, profiles));
    }
  }
  const current = typeof fields.current === "string" && fields.current !== "" ? fields.current : "default";
  return { path, current, profiles };
}

/** Changes fields of a profile in its file, if that is JSON. Reads the file again, because another process may have changed it. */
export async function storeInProfile({ path: file, name }: StoredProfile, changes: object): Promise<void> {
  // A symbolic link stays a link: its target is replaced.
  const path = await realpath(file);
  const content = parseObject((await readFile(path, "utf8")).replace(/^\uFEFF/, ""));
  const profiles: unknown[] = Array.isArray(content?.profiles) ? content.profiles : [];
  const stored = profiles.find((profile) => isRecord(profile) && profile.name === name);
  if (isRecord(stored)) {
    Object.assign(stored, changes);
    await replaceFile(path, JSON.stringify(content, undefined, "\t"), (await stat(path)).mode & 0o777);
  }
}

function readIni(text: string, path: string): ProfileFile {
  const profiles = new Map<string, StoredProfile>();
  for (const [name, section] of parseIni(text)) {
    profiles.set(name, new StoredProfile(path, name, section, profiles));
  }
  return { path, current: "default", profiles };
}

/** Parses the sections and settings of an INI file. Ignores any other line, as the vendor's SDKs do. */
function parseIni(text: string): Map<string, Record<string, string>> {
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

/** Removes a comment, which starts after a blank. A secret may contain the comment sign itself. */
function withoutComment(value: string): string {
  return value.replace(/\s[#;].*$/, "").trim();
}
