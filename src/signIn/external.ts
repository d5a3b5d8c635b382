import { spawn } from "node:child_process";
import type { Credentials } from "../api/credentials.js";
import { httpCall } from "../api/httpCall.js";
import { decodedPart } from "../common/values.js";
import { SettingsError } from "../errors/errors.js";
import { invalid } from "../settings/reading.js";
import { settingKeys } from "../settings/settingKeys.js";
import { credentialsIn, parseObject, readFields, type SignInContext, signInTimeout } from "./common.js";
import type { Profile } from "./profile.js";

/** Requests credentials from a local service of the user. */
export async function credentialsFromUri(
  profile: Profile,
  { transport }: SignInContext,
): Promise<Credentials> {
  const uri = profile.required("credentials_uri");
  const url = URL.canParse(uri.value) ? new URL(uri.value) : undefined;
  if (url === undefined || (url.protocol !== "http:" && url.protocol !== "https:")) {
    throw invalid(uri, settingKeys.credentialsUri.accepts);
  }
  const { source } = uri;
  const userAndPassword = `${decodedPart(url.username)}:${decodedPart(url.password)}`;
  const authorization = `Basic ${Buffer.from(userAndPassword).toString("base64")}`;
  const response = await httpCall({
    transport,
    method: "GET",
    url,
    headers: userAndPassword === ":" ? {} : { authorization },
    timeout: signInTimeout,
    action: `Reading the credentials URI (${source})`,
  });
  // The path and query may be secret, so only the host is shown.
  const fields = readFields(response, `the credentials URI at ${url.origin} (${source})`);
  return credentialsIn(fields, source, "credential_uri");
}

/** The timeout of a program, in milliseconds. */
const commandTimeout = 60_000;
/** The maximum length of a program's output, in characters. Credentials have a few hundred characters. */
const longestOutput = 1_000_000;

/**
 * Returns the credentials that a program prints, as in the mode External of the command-line client. The vendor's library puts
 * the program's output into its error and writes the secrets back to the profile's file, so it isn't used.
 */
export async function externalCommand(profile: Profile): Promise<Credentials> {
  const failure = (how: string) => profile.refuse(`process_command ${how}.`);
  const [program, ...args] = splitCommand(profile.required("process_command").value);
  if (program === undefined || program === "") {
    throw failure("is empty");
  }
  const output = await run(program, args, failure).catch((error: unknown) => {
    // Node throws an error that repeats the command if the command is too long or has a NUL character.
    throw SettingsError.isInstance(error) ? error : failure(`failed (${codeOf(error)})`);
  });
  const fields = parseObject(output);
  if (fields === undefined) {
    throw failure("did not print a JSON object");
  }
  return credentialsIn(fields, `process_command of ${profile.source}`, "external");
}

/**
 * Runs a program in its own process group, which is killed at the timeout and when this process ends, even if the program traps
 * signals. `execFile` can't start a group, so the programs that the program starts would survive.
 */
function run(program: string, args: readonly string[], failure: (how: string) => Error): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: ["ignore", "pipe", "ignore"],
      detached: true,
      windowsHide: true,
    });
    const kill = () => {
      try {
        process.kill(process.platform === "win32" ? Number(child.pid) : -Number(child.pid), "SIGKILL");
      } catch {
        // The program has already ended, or didn't start.
      }
    };
    const keepAtExit = killAtExit(kill);
    const fail = (how: string) => {
      kill();
      reject(failure(how));
    };
    const timer = setTimeout(fail, commandTimeout, `ran longer than ${commandTimeout / 1000} s`);
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
        fail(`printed more than ${longestOutput} characters`);
      }
    });
    child.once("error", (error) => fail(`failed (${codeOf(error)})`));
    child.once("close", (code, signal) => {
      clearTimeout(timer);
      keepAtExit();
      kill();
      return code === 0 ? resolve(output) : fail(`failed (${code ?? signal})`);
    });
  });
}

/** Calls `kill` when this process ends, also by a signal. Returns a function that undoes this. */
function killAtExit(kill: () => void): () => void {
  const endings = ["exit", "SIGINT", "SIGTERM", "SIGHUP"];
  const onEnding = (ending: NodeJS.Signals | number) => {
    kill();
    // Ends this process as the signal does by default, unless another listener handles the signal.
    if (typeof ending === "string" && process.listenerCount(ending) === 0) {
      process.kill(process.pid, ending);
    }
  };
  for (const ending of endings) {
    process.once(ending, onEnding);
  }
  return () => {
    for (const ending of endings) {
      process.off(ending, onEnding);
    }
  };
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : "unknown reason";
}

/** Splits a command line into words. Quotation marks keep blanks together. No shell is used. */
function splitCommand(command: string): string[] {
  return [...command.matchAll(/(?:"[^"]*"|'[^']*'|[^\s"']+)+/g)].map(([word]) =>
    word.replaceAll(/"([^"]*)"|'([^']*)'/g, "$1$2"),
  );
}
