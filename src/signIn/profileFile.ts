import { parseIni } from "../common/ini.js";
import { InvalidText } from "../common/invalidText.js";
import { placesIn } from "../common/jsonPlaces.js";
import { rewriteFile } from "../common/replaceFile.js";
import { readTextFile } from "../common/textFile.js";
import { codeOf, isRecord } from "../common/values.js";
import { noCredentials, parseObject, quoted } from "./common.js";
import { fieldsOf, Profile } from "./profile.js";

/** A file of profiles, of the vendor's command-line client (JSON) or of its SDKs (INI). */
export interface ProfileFile {
  readonly path: string;
  /** The profile that is used when none is named. */
  readonly current: string;
  readonly profiles: ReadonlyMap<string, StoredProfile>;
}

/** A profile of a file. */
export class StoredProfile extends Profile {
  readonly path: string;
  readonly name: string;
  /** All profiles of the file. */
  readonly siblings: ReadonlyMap<string, StoredProfile>;

  constructor(path: string, name: string, given: object, siblings: ReadonlyMap<string, StoredProfile>) {
    const source = `profile ${quoted(name)} of ${path}`;
    super(source, fieldsOf(given, source));
    this.path = path;
    this.name = name;
    this.siblings = siblings;
  }

  /** Returns the profile as its file has it now. */
  readAgain(): StoredProfile | undefined {
    return readProfileFile(this.path).profiles.get(this.name);
  }
}

/** The profile files of the vendor's tools. */
export const cliFile = "~/.aliyun/config.json";
export const sdkFile = "~/.alibabacloud/credentials";

/**
 * Reads a file of profiles. The vendor's readers put the text of an unparsable file, secrets included, into their error; this
 * reader's error names only the file, the line and the problem.
 *
 * @throws SettingsError `NoCredentials`.
 */
export function readProfileFile(given: string, home?: string): ProfileFile {
  const { path, problem, text = "" } = readTextFile(given, home);
  if (problem !== undefined) {
    throw noCredentials(`${path} ${problem}`);
  }
  const isJson = text.trimStart().startsWith("{") || path.endsWith(".json");
  try {
    const { current, found } = isJson ? readJson(text) : { current: "default", found: parseIni(text) };
    const profiles = new Map<string, StoredProfile>();
    for (const [name, fields] of found) {
      profiles.set(name, new StoredProfile(path, name, fields, profiles));
    }
    return { path, current, profiles };
  } catch (error) {
    throw error instanceof InvalidText
      ? noCredentials(`${path}, line ${error.line}: ${error.message}`)
      : error;
  }
}

function readJson(text: string): { current: string; found: ReadonlyMap<string, object> } {
  const fields = parseObject(text);
  if (fields === undefined) {
    placesIn(text);
    throw new InvalidText(1, "expected a JSON object");
  }
  const { current, profiles } = fields;
  const found = new Map<string, object>();
  for (const profile of Array.isArray(profiles) ? profiles : []) {
    if (isRecord(profile) && typeof profile.name === "string" && !found.has(profile.name)) {
      found.set(profile.name, profile);
    }
  }
  return { current: typeof current === "string" && current !== "" ? current : "default", found };
}

/**
 * Changes fields of a profile in its JSON file. Reads the file again, because another process may have changed it.
 *
 * @returns what is wrong with the file; `undefined` when the fields are stored.
 */
export async function storeInProfile(
  { path, name }: StoredProfile,
  changes: Readonly<Record<string, string | number>>,
): Promise<string | undefined> {
  const { text = "", problem } = readTextFile(path);
  const profiles: unknown = parseObject(text)?.profiles;
  const index = Array.isArray(profiles)
    ? profiles.findIndex((profile) => isRecord(profile) && profile.name === name)
    : -1;
  if (index < 0) {
    return problem ?? "doesn't have the profile any more";
  }
  // Only these values change. Writing the parsed file would round long numbers.
  const places = placesIn(text);
  const start = (places.get(`/profiles/${index}`)?.start ?? 0) + 1;
  const edits = Object.entries(changes).map(([field, value]) => {
    const place = places.get(`/profiles/${index}/${field}`);
    return place === undefined
      ? { start, end: start, value: `${JSON.stringify(field)}: ${JSON.stringify(value)},` }
      : { ...place, value: JSON.stringify(value) };
  });
  const changed = edits
    .sort((one, other) => other.start - one.start)
    .reduce((whole, edit) => whole.slice(0, edit.start) + edit.value + whole.slice(edit.end), text);
  return rewriteFile(path, changed).then(
    () => undefined,
    (error: unknown) => `can't be written (${codeOf(error)})`,
  );
}
