import { parseArgs } from "node:util";
import { parseFault } from "./faultSyntax.js";
import { EmulatorOptionError, show } from "./optionError.js";
import type { EmulatorOptions, PageLimit, RateLimitOptions } from "./options.js";

/** What a command line asks for. */
export type Command =
  | { readonly run: "help" | "version" }
  | { readonly run: "emulator"; readonly options: EmulatorOptions; readonly log: boolean };

/**
 * Reads the command line.
 *
 * @throws EmulatorOptionError for one that cannot be understood; the bounds are checked where the options go.
 */
export function readCommandLine(args: readonly string[]): Command {
  const values = parse(args);
  if (values.help) {
    return { run: "help" };
  }
  if (values.version) {
    return { run: "version" };
  }
  const options = {
    ...given("port", values.port, (text) => toNumber("--port", text)),
    ...given("count", values.count, (text) => toNumber("--count", text)),
    ...given("dataFile", values.data, (text) => text),
    ...given("latency", values.latency, (text) => toNumber("--latency", text)),
    ...given("pageLimit", values["page-limit"], toPageLimit),
    ...given("rateLimit", values["rate-limit"], toRateLimit),
    ...given("faults", values.fault, (texts) => texts.map(parseFault)),
    ...given("nameMatch", values["name-match"], toNameMatch),
    ...given("accessKeyId", values["key-id"], (text) => text),
    ...given("accessKeySecret", values.secret, (text) => text),
    ...given("securityToken", values["security-token"], (text) => text),
    ...given("clockOffset", values["clock-offset"], (text) => toNumber("--clock-offset", text)),
  };
  return { run: "emulator", options, log: values.log ?? false };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: false,
      options: {
        help: { type: "boolean", short: "h" },
        version: { type: "boolean" },
        port: { type: "string" },
        count: { type: "string" },
        data: { type: "string" },
        latency: { type: "string" },
        "page-limit": { type: "string" },
        "rate-limit": { type: "string" },
        fault: { type: "string", multiple: true },
        "name-match": { type: "string" },
        "key-id": { type: "string" },
        secret: { type: "string" },
        "security-token": { type: "string" },
        "clock-offset": { type: "string" },
        log: { type: "boolean" },
      },
    }).values;
  } catch (error) {
    if (!(error instanceof TypeError)) {
      throw error;
    }
    // Node's own text goes on with hints about positional arguments, which there are none of.
    const [sentence = error.message] = error.message.split(/\.\s/);
    throw new EmulatorOptionError(`${sentence.replace(/\.$/, "")}; --help shows the options.`);
  }
}

/** An option that was not given must stay absent, so that its default is stated in one place. */
function given<Name extends string, Text, Value>(
  name: Name,
  text: Text | undefined,
  read: (text: Text) => Value,
): { [Key in Name]?: Value } {
  const option: { [Key in Name]?: Value } = {};
  if (text !== undefined) {
    option[name] = read(text);
  }
  return option;
}

function toNumber(option: string, text: string): number {
  if (/^-?\d+(\.\d+)?$/.test(text)) {
    return Number(text);
  }
  throw new EmulatorOptionError(`${option} must be a number; it was ${show(text)}.`);
}

function toPageLimit(text: string): PageLimit {
  const [, size, mode = "said"] = /^(\d+)(?::(.*))?$/.exec(text) ?? [];
  if (size !== undefined && (mode === "said" || mode === "unsaid" || mode === "refused")) {
    return { size: Number(size), mode };
  }
  throw new EmulatorOptionError(
    `--page-limit must be N, N:said, N:unsaid or N:refused; it was ${show(text)}.`,
  );
}

function toRateLimit(text: string): RateLimitOptions {
  const [, rate, burst] = /^(\d+(?:\.\d+)?)(?::(\d+))?$/.exec(text) ?? [];
  if (rate === undefined) {
    throw new EmulatorOptionError(
      `--rate-limit must be calls a second, as N or N:BURST; it was ${show(text)}.`,
    );
  }
  return { callsPerSecond: Number(rate), ...(burst === undefined ? {} : { burst: Number(burst) }) };
}

function toNameMatch(text: string): "exact" | "fuzzy" {
  if (text === "exact" || text === "fuzzy") {
    return text;
  }
  throw new EmulatorOptionError(`--name-match must be exact or fuzzy; it was ${show(text)}.`);
}
