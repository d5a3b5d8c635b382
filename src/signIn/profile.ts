import type { Credentials } from "../api/credentials.js";
import { SettingsError } from "../errors/errors.js";
import type { Setting } from "../settings/reading.js";

import type { SignInContext } from "./context.js";
import { noCredentials } from "./failure.js";
import { cliFile, expandHome, type ProfileFile, readProfileFile, sdkFile } from "./profileFile.js";
import { signInWithProfile } from "./profileModes.js";

/**
 * The credentials that a named profile leads to. Without a file, the command-line client's is looked in first, then that of
 * the vendor's SDKs.
 *
 * @throws SettingsError `NoCredentials` that says which files were looked in.
 */
export async function profileCredentials(
  name: Setting | undefined,
  file: Setting | undefined,
  context: SignInContext,
): Promise<Credentials> {
  const asked = name === undefined ? "The profile" : `The profile "${name.value}" (from ${name.source})`;
  const paths = file === undefined ? [cliFile, sdkFile] : [file.value];
  const problems: string[] = [];
  for (const path of paths) {
    const found = await open(expandHome(path, context.environment.home), problems);
    if (found === undefined) {
      continue;
    }
    const profileName = name?.value ?? found.current;
    if (found.profiles.has(profileName)) {
      return signInWithProfile(found, profileName, context);
    }
    problems.push(`${found.path} has no profile "${profileName}"${others(found)}.`);
  }
  const from = file === undefined ? "" : ` The file is named by ${file.source}.`;
  throw noCredentials(`${asked} gives no credentials. ${problems.join(" ")}${from}`);
}

async function open(path: string, problems: string[]): Promise<ProfileFile | undefined> {
  try {
    return await readProfileFile(path);
  } catch (error) {
    if (!SettingsError.isInstance(error)) {
      throw error;
    }
    problems.push(error.message);
    return undefined;
  }
}

function others({ profiles }: ProfileFile): string {
  const names = [...profiles.keys()];
  const shown = names.slice(0, 10).map((name) => `"${name.slice(0, 40)}"`);
  const more = names.length > shown.length ? ` and ${names.length - shown.length} more` : "";
  return shown.length === 0 ? "; it has none" : `; it has ${shown.join(", ")}${more}`;
}
