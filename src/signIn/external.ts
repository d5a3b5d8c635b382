import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Credentials } from "../api/credentials.js";
import { httpCall } from "../api/httpCall.js";
import { SettingsError } from "../errors/errors.js";
import type { Setting } from "../settings/reading.js";
import {
  noCredentials,
  parseObject,
  readKeys,
  type SignInContext,
  signInTimeout,
  toCredentials,
} from "./common.js";

/** Credentials that a local service of the user hands out at an address. */
export async function credentialsFromUri(uri: Setting, { transport }: SignInContext): Promise<Credentials> {
  const url = URL.canParse(uri.value) ? new URL(uri.value) : undefined;
  if (url === undefined || (url.protocol !== "http:" && url.protocol !== "https:")) {
    throw new SettingsError(
      "InvalidSetting",
      `The credentials URI (${uri.source}) is not an http or https URL.`,
      {
        setting: uri.key,
      },
    );
  }
  const answer = await httpCall({
    transport,
    method: "GET",
    url,
    headers: signInOf(url),
    timeout: signInTimeout,
    action: `Asking the credentials URI (${uri.source})`,
  });
  // Its path and query may be what keeps others from asking, so only the host is shown.
  return readKeys(answer, `The credentials URI at ${url.origin}`, uri.source, "credential_uri");
}

function signInOf({ username, password }: URL): Record<string, string> {
  if (username === "" && password === "") {
    return {};
  }
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { authorization: `Basic ${Buffer.from(pair).toString("base64")}` };
}

const run = promisify(execFile);
const commandTimeout = 60_000;

/**
 * The credentials that a program prints, as the command-line client's mode External has it. Run here rather than by the
 * vendor's source, which puts what the program said into its error and writes the secrets back into the profile's file.
 */
export async function externalCommand(command: string, source: string): Promise<Credentials> {
  const [program, ...args] = splitCommand(command);
  if (program === undefined) {
    throw noCredentials(`The process_command of ${source} is empty.`);
  }
  const { stdout } = await run(program, args, { timeout: commandTimeout }).catch((error: ExecFailure) => {
    const how =
      error.killed === true
        ? `ran longer than ${commandTimeout / 1000} s`
        : `failed (${error.code ?? "unknown reason"})`;
    throw noCredentials(`The program that process_command of ${source} names ${how}.`);
  });
  const fields = parseObject(stdout);
  if (fields === undefined) {
    throw noCredentials(`The program that process_command of ${source} names did not print a JSON object.`);
  }
  const keys = {
    accessKeyId: fields.access_key_id,
    accessKeySecret: fields.access_key_secret,
    securityToken: fields.sts_token,
    expiration: fields.expiration,
  };
  return toCredentials(keys, `the program of ${source}`, "external");
}

interface ExecFailure {
  readonly code?: number | string | undefined;
  readonly killed?: boolean | undefined;
}

/** The words of a command line; quotation marks keep blanks together. No shell takes part. */
function splitCommand(command: string): string[] {
  return [...command.matchAll(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g)].map(([word]) =>
    word.replaceAll(/"([^"]*)"|'([^']*)'/g, "$1$2"),
  );
}
