import { spawn } from "node:child_process";
import type { Credentials } from "../api/credentials.js";
import { httpCall } from "../api/httpCall.js";
import { decodedPart } from "../common/values.js";
import { SettingsError } from "../errors/errors.js";
import { invalid, type Setting } from "../settings/reading.js";
import { settingKeys } from "../settings/settingKeys.js";
import {
  noCredentials,
  parseObject,
  readKeys,
  type SignInContext,
  signInTimeout,
  toCredentials,
} from "./common.js";

/** Requests credentials from a local service of the user. */
export async function credentialsFromUri(uri: Setting, { transport }: SignInContext): Promise<Credentials> {
  const url = URL.canParse(uri.value) ? new URL(uri.value) : undefined;
  if (url === undefined || (url.protocol !== "http:" && url.protocol !== "https:")) {
    throw invalid(uri, settingKeys.credentialsUri.accepts);
  }
  const headers = signInOf(url);
  const response = await httpCall({
    transport,
    method: "GET",
    url,
    headers,
    timeout: signInTimeout,
    action: `Reading the credentials URI (${uri.source})`,
  });
  // The path and query may be secret, so only the host is shown.
  return readKeys(
    response,
    `the credentials URI at ${url.origin} (${uri.source})`,
    uri.source,
    "credential_uri",
  );
}

function signInOf({ username, password }: URL): Record<string, string> {
  if (username === "" && password === "") {
    return {};
  }
  const pair = `${decodedPart(username)}:${decodedPart(password)}`;
  return { authorization: `Basic ${Buffer.from(pair).toString("base64")}` };
}

/** The timeout of a program, in milliseconds. */
const commandTimeout = 60_000;
/**
 * The maximum length of a command, in characters. No system starts a program with a longer command, and longer texts exhaust the
 * stack of regular expressions.
 */
const longestCommand = 1_000_000;
/** The maximum length of a program's output, in characters. Credentials have a few hundred characters. */
const longestOutput = 1_000_000;

/**
 * Returns the credentials that a program prints, as in the mode External of the command-line client. The vendor's library puts
 * the program's output into its error and writes the secrets back to the profile's file, so it isn't used.
 */
export async function externalCommand(command: string, source: string): Promise<Credentials> {
  const failure = (how: string) => noCredentials(`Sign-in with ${source} failed: process_command ${how}.`);
  if (command.length > longestCommand) {
    throw failure(`has more than ${longestCommand} characters`);
  }
  const [program, ...args] = splitCommand(command);
  if (program === undefined || program === "") {
    throw failure("is empty");
  }
  const output = await run(program, args, failure).catch((error: unknown) => {
    // Node throws an error that repeats the command if the command is too long or has a NUL character.
    throw SettingsError.isInstance(error) ? error : failure(`failed (${codeOf(error)})`);
  });
  const fields = parseObject(output);
  if (fields === undefined) {
    throw noCredentials(`Sign-in with ${source} failed: process_command did not print a JSON object.`);
  }
  const keys = {
    accessKeyId: fields.access_key_id,
    accessKeySecret: fields.access_key_secret,
    securityToken: fields.sts_token,
    expiration: fields.expiration,
  };
  return toCredentials(keys, `process_command of ${source}`, "external");
}

/**
 * Runs a program in its own process group, which is killed at the timeout and when this process ends, even if the program traps
 * signals.
 */
function run(program: string, args: readonly string[], failure: (how: string) => Error): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: ["ignore", "pipe", "ignore"],
      detached: true,
      windowsHide: true,
    });
    const kill = () => {
      if (child.pid !== undefined) {
        endGroup(child.pid);
      }
    };
    const end = (how: string) => {
      kill();
      reject(failure(how));
    };
    const timer = setTimeout(end, commandTimeout, `ran longer than ${commandTimeout / 1000} s`);
    killWithThisProcess(kill);
    // The program doesn't keep this process alive after the lookup; it is killed when the process ends.
    for (const handle of [child, child.stdout, timer]) {
      if ("unref" in handle && typeof handle.unref === "function") {
        handle.unref();
      }
    }
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      if (output.length > longestOutput) {
        end(`printed more than ${longestOutput} characters`);
      }
    });
    child.once("error", (error) => end(`failed (${codeOf(error)})`));
    child.once("close", (code, signal) => {
      clearTimeout(timer);
      hasEnded(kill);
      kill();
      if (code === 0) {
        resolve(output);
      } else {
        end(`failed (${code ?? signal})`);
      }
    });
  });
}

/** The signals that end a process without its event `exit`. */
const endingSignals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
/** The functions that kill the running programs. */
const kills = new Set<() => void>();

function killWithThisProcess(kill: () => void): void {
  if (kills.size === 0) {
    process.once("exit", killAll);
    for (const signal of endingSignals) {
      process.once(signal, endBy);
    }
  }
  kills.add(kill);
}

function hasEnded(kill: () => void): void {
  kills.delete(kill);
  if (kills.size === 0) {
    process.off("exit", killAll);
    for (const signal of endingSignals) {
      process.off(signal, endBy);
    }
  }
}

function killAll(): void {
  for (const kill of kills) {
    kill();
  }
}

/** Ends this process as the signal does by default, unless another listener handles the signal. */
function endBy(signal: NodeJS.Signals): void {
  killAll();
  if (process.listenerCount(signal) === 0) {
    process.kill(process.pid, signal);
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : "unknown reason";
}

function endGroup(pid: number): void {
  try {
    process.kill(process.platform === "win32" ? pid : -pid, "SIGKILL");
  } catch {
    // The program has already ended.
  }
}

/** Splits a command line into words. Quotation marks keep blanks together. No shell is used. */
function splitCommand(command: string): string[] {
  return [...command.matchAll(/(?:"[^"]*"|'[^']*'|[^\s"']+)+/g)].map(([word]) =>
    word.replaceAll(/"([^"]*)"|'([^']*)'/g, "$1$2"),
  );
}
