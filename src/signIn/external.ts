import { spawn } from "node:child_process";
import type { Credentials } from "../api/credentials.js";
import { httpCall } from "../api/httpCall.js";
import { redactLine } from "../common/redact.js";
import { codeOf, decodedPart } from "../common/values.js";
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
/** The maximum length of a program's own error message in ours, in characters. */
const longestQuote = 300;

/**
 * Returns the profile that a program prints, as in the mode External of the command-line client: its fields replace those of the
 * profile that names the program. The vendor's library puts the program's output into its error and writes the secrets back to
 * the profile's file, so it isn't used.
 */
export async function printedProfile(profile: Profile): Promise<Profile> {
  const words = splitCommand(profile.required("process_command").value);
  const [program = "", ...args] =
    words ?? profile.fail("process_command has an unclosed quotation mark or ends with a backslash.");
  if (program === "") {
    profile.fail("process_command is empty.");
  }
  const { output, problem } = await run(program, args).catch((error: unknown) => {
    // Node throws an error that repeats the command if the command is too long or has a NUL character.
    return { output: "", problem: `failed (${codeOf(error)})` };
  });
  const printed = parseObject(output.replace(/^\uFEFF/, ""));
  if (problem !== undefined || printed === undefined) {
    return profile.fail(`process_command ${problem ?? "did not print a JSON object"}.`);
  }
  return profile.with(printed, `process_command of ${profile.source}`);
}

/**
 * Runs a program in its own process group, which is killed at the timeout and when this process ends, even if the program traps
 * signals. `execFile` can't start a group, so the programs that the program starts would survive.
 */
function run(program: string, args: readonly string[]): Promise<{ output: string; problem?: string }> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
      windowsHide: true,
    });
    let output = "";
    let message = "";
    const kill = () => {
      try {
        process.kill(process.platform === "win32" ? Number(child.pid) : -Number(child.pid), "SIGKILL");
      } catch {
        // The program has already ended, or didn't start.
      }
    };
    const keepAtExit = killAtExit(kill);
    const end = (problem?: string) => {
      clearTimeout(timer);
      keepAtExit();
      kill();
      const quote = redactLine(message, longestQuote).trim();
      resolve(problem === undefined ? { output } : { output, problem: problem + (quote && `: ${quote}`) });
    };
    const timer = setTimeout(end, commandTimeout, `ran longer than ${commandTimeout / 1000} s`);
    // The program doesn't keep this process alive after the lookup; it is killed when the process ends.
    for (const handle of [child, child.stdout, child.stderr, timer]) {
      if ("unref" in handle && typeof handle.unref === "function") {
        handle.unref();
      }
    }
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      if (output.length > longestOutput) {
        end(`printed more than ${longestOutput} characters`);
      }
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      message = (message + text).slice(-longestOutput);
    });
    child.once("error", (error) => end(`failed (${codeOf(error)})`));
    child.once("close", (code, signal) => end(code === 0 ? undefined : `failed (${code ?? signal})`));
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

/**
 * Splits a command line into words, as the command-line client does: by the rules of a POSIX shell for quotation marks and
 * backslashes, without a shell. On Windows, a backslash is part of a path.
 *
 * @returns `undefined` when a quotation mark isn't closed or nothing follows a backslash.
 */
function splitCommand(command: string): readonly string[] | undefined {
  const text =
    process.platform === "win32" ? command.replaceAll(/\\(?!")/g, "\\\\") : command.replaceAll("\\\n", "");
  const parts = /'([^']*)'|"([^"\\]*(?:\\[\s\S][^"\\]*)*)"|\\([\s\S])|(\s+)|([^\s'"\\]+)/gy;
  const words: string[] = [];
  let word: string | undefined;
  let end = 0;
  for (const [part, single, double, escaped, blank, plain] of text.matchAll(parts)) {
    end += part.length;
    if (blank === undefined) {
      const unescaped = double?.replaceAll(/\\([$`"\\])/g, "$1") ?? escaped;
      word = (word ?? "") + (single ?? unescaped ?? plain ?? "");
    } else if (word !== undefined) {
      words.push(word);
      word = undefined;
    }
  }
  return end < text.length ? undefined : word === undefined ? words : [...words, word];
}
