import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { EmulatorOptionError, show } from "./checks.js";
import { parseItems } from "./items.js";
import { type Settings, sharedOptions, toSettings } from "./options.js";

/** The parsed command line. */
export type Command =
  | { readonly run: "help" | "version" }
  | { readonly run: "emulator"; readonly settings: Settings; readonly log: boolean };

const flagOf = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/**
 * Parses the command line.
 *
 * @throws EmulatorOptionError when it can't be parsed, or an option is invalid.
 */
export function readCommandLine(args: readonly string[]): Command {
  const values = parse(args);
  if (values.help === true || values.version === true) {
    return { run: values.help === true ? "help" : "version" };
  }
  const texts = new Map<string, unknown>(Object.entries(values));
  const given = Object.entries(sharedOptions).flatMap(([name, { fallback }]) => {
    const text = texts.get(flagOf(name));
    return typeof text === "string" ? [[name, toValue(typeof fallback, text, `--${flagOf(name)}`)]] : [];
  });
  const settings = toSettings(Object.fromEntries(given), {}, (name) => `--${flagOf(name)}`);
  return { run: "emulator", settings, log: values.log === true };
}

function parse(args: readonly string[]) {
  const names = Object.keys(sharedOptions);
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: false,
      options: {
        ...Object.fromEntries(names.map((name) => [flagOf(name), { type: "string" } as const])),
        log: { type: "boolean" },
        help: { type: "boolean", short: "h" },
        version: { type: "boolean" },
      },
    }).values;
  } catch (error) {
    if (!(error instanceof TypeError)) {
      throw error;
    }
    // Node's message continues with hints about positional arguments, which don't exist here.
    const [sentence = ""] = error.message.split(/\.(\s|$)/);
    throw new EmulatorOptionError(`${sentence}. Run outboundbot-emulator --help to list the options.`);
  }
}

/** Reads a value as the option's check expects it. A text that isn't a number stays a text, which the check rejects. */
function toValue(type: string, text: string, flag: string): unknown {
  if (type === "number") {
    return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
  }
  return type === "object" ? parseJson(text, flag) : text;
}

/** Parses JSON, or the JSON of the file after an `@`. */
function parseJson(text: string, flag: string): unknown {
  try {
    return parseItems(text.startsWith("@") ? readFileSync(text.slice(1), "utf8") : text);
  } catch (error) {
    const reason = error instanceof SyntaxError ? "is not valid JSON" : "can't be read";
    const { message } = error instanceof Error ? error : { message: String(error) };
    throw new EmulatorOptionError(`${flag}: ${show(text)} ${reason}: ${message}.`);
  }
}

const valueNames: Readonly<Record<string, string>> = { number: "N", string: "TEXT", object: "JSON" };

const optionLines = Object.entries(sharedOptions).map(([name, { help, check, fallback }]) => {
  const isNone = fallback === "" || fallback === Number.POSITIVE_INFINITY || typeof fallback === "object";
  const flag = `--${flagOf(name)} ${valueNames[typeof fallback]}`;
  return `  ${flag.padEnd(26)}${help}: ${check.expected}${isNone ? "" : ` (default ${fallback})`}`;
});

export const helpText = `outboundbot-emulator: emulates Alibaba Cloud OutboundBot (2019-12-26) on 127.0.0.1. Once it listens, it prints an
"export NAME=VALUE" line for each setting that a client needs, and closes standard output. Ctrl-C stops it.

Options (JSON is the text itself, or @FILE):
${optionLines.join("\n")}
  --log                     prints a line of JSON per call on standard error
  --help, -h                prints this help
  --version                 prints the version

Faults: a list of objects with a kind and, optionally, the valid calls that it applies to: first (the first N), every
(every Nth), calls (a list of numbers from 1) and page.
  error                     an error of the service: code, status (200: only in the body), headers
  response                  any response: status, headers, body
  reset, hang               resets the connection; never responds
  drip, truncated, cut      sends a byte per second; half of the body, then closes; half of the body as if complete
  inserted, removed         changes the list before the response
  swapped                   both: the total stays the same
  repeat, empty-page        returns page 1; returns no items
  total                     returns another TotalCount (total), or none

Example: throttle every third call.
  eval "$(outboundbot-emulator --faults '[{"kind":"error","code":"Throttling.User","every":3}]' &)"

Exit status: 0 when stopped, 1 when it can't listen, 2 for an invalid option.
`;
