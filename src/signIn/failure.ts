import { SettingsError } from "../errors/errors.js";

/** A way to sign in that does not lead to credentials. The problem must not hold anything read from a file or an answer. */
export function noCredentials(problem: string, code = "NoCredentials"): SettingsError {
  return new SettingsError(code, problem);
}
