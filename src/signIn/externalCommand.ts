import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Credentials } from "../api/credentials.js";

import { parseObject } from "./answer.js";
import { noCredentials } from "./failure.js";
import { toCredentials } from "./keys.js";

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
