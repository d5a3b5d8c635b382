import { readFile, realpath, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { replaceFile } from "../common/replaceFile.js";
import { isRecord } from "../common/values.js";
import { noCredentials, parseObject } from "./common.js";

/** The fields of one profile, by their names in the file. */
export type ProfileFields = Readonly<Record<string, unknown>>;

/** A file of profiles, of the vendor's command-line client (JSON) or of its SDKs (INI). */
export interface ProfileFile {
  readonly path: string;
  readonly format: "json" | "ini";
  /** The profile that is used when none is named. */
  readonly current: string;
  readonly profiles: ReadonlyMap<string, ProfileFields>;
}

/** A profile in its file, with readers for its fields. */
export interface Profile {
  readonly file: ProfileFile;
  readonly name: string;
  /** The name of the profile in messages. */
  readonly source: string;
  readonly fields: ProfileFields;
  readonly text: (field: string) => string | undefined;
  readonly required: (field: string) => string;
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
  const profiles = new Map<string, ProfileFields>();
  for (const profile of Array.isArray(fields.profiles) ? fields.profiles : []) {
    if (isRecord(profile) && typeof profile.name === "string" && !profiles.has(profile.name)) {
      profiles.set(profile.name, profile);
    }
  }
  const current = typeof fields.current === "string" && fields.current !== "" ? fields.current : "default";
  return { path, format: "json", current, profiles };
}

/** Changes fields of a profile in its file, if that is JSON. Reads the file again, because another process may have changed it. */
export async function storeInProfile({ file, name }: Profile, changes: ProfileFields): Promise<void> {
  // A symbolic link stays a link: its target is replaced.
  const path = await realpath(file.path);
  const content = parseObject((await readFile(path, "utf8")).replace(/^\uFEFF/, ""));
  const profiles: unknown[] = Array.isArray(content?.profiles) ? content.profiles : [];
  const stored = profiles.find((profile) => isRecord(profile) && profile.name === name);
  if (isRecord(stored)) {
    Object.assign(stored, changes);
    await replaceFile(path, JSON.stringify(content, undefined, "\t"), (await stat(path)).mode & 0o777);
  }
}

function readIni(text: string, path: string): ProfileFile {
  return { path, format: "ini", current: "default", profiles: parseIni(text) };
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
