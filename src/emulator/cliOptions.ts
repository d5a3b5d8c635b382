import { parseArgs } from "node:util";
import { faultKinds, parseFault } from "./faultSyntax.js";
import type { PageLimit } from "./listPage.js";
import { EmulatorOptionError, show } from "./optionError.js";
import { currentMode, type EmulatorOptions, type RateLimitOptions } from "./options.js";

/** The parsed command line. */
export type Command =
  | { readonly run: "help" | "version" }
  | { readonly run: "emulator"; readonly options: EmulatorOptions; readonly log: boolean };

/**
 * Parses the command line.
 *
 * @throws EmulatorOptionError when it can't be parsed. The emulator checks the bounds of options.
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
    // Node's message continues with hints about positional arguments, which don't exist here.
    const [sentence = error.message] = error.message.split(/\.\s/);
    throw new EmulatorOptionError(
      `${sentence.replace(/\.$/, "")}. Run outboundbot-emulator --help to list the options.`,
    );
  }
}

/** An option that isn't given stays absent, so that its default is defined in one place. */
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
  throw new EmulatorOptionError(`${option} must be a number, got ${show(text)}.`);
}

function toPageLimit(text: string): PageLimit {
  const [, size, word = "reported"] = /^(\d+)(?::(.*))?$/.exec(text) ?? [];
  const mode = currentMode(word);
  if (size !== undefined && (mode === "reported" || mode === "silent" || mode === "refused")) {
    return { size: Number(size), mode };
  }
  throw new EmulatorOptionError(
    `--page-limit must be N, N:reported, N:silent or N:refused, got ${show(text)}.`,
  );
}

function toRateLimit(text: string): RateLimitOptions {
  const [, rate, burst] = /^(\d+(?:\.\d+)?)(?::(\d+))?$/.exec(text) ?? [];
  if (rate === undefined) {
    throw new EmulatorOptionError(
      `--rate-limit must be calls per second, as N or N:BURST, got ${show(text)}.`,
    );
  }
  return { callsPerSecond: Number(rate), ...(burst === undefined ? {} : { burst: Number(burst) }) };
}

function toNameMatch(text: string): "exact" | "fuzzy" {
  if (text === "exact" || text === "fuzzy") {
    return text;
  }
  throw new EmulatorOptionError(`--name-match must be exact or fuzzy, got ${show(text)}.`);
}

const before = `outboundbot-emulator: emulates Alibaba Cloud OutboundBot (2019-12-26) on this machine. It serves ListInstances,
ListScripts and ListOutboundCallNumbers.

Usage: outboundbot-emulator [options]

The emulator listens on 127.0.0.1 only, verifies the signature of each call (ACS3-HMAC-SHA256, or version 1.0),
and runs until you press Ctrl-C. Once it listens, it prints one "export NAME=VALUE" line on standard output for
each setting that a client needs, and closes standard output.

Options:
  --port N               TCP port, 0 to 65535; 0 uses a free port. Default: 0.
  --count N              Number of generated instances, 0 to 100000; the same ones each time. Default: 120.
  --data FILE            Reads instances from a JSON file instead: {"Instances": [...]} or the list alone,
                         with the field names of the API. A saved response works.
  --latency MS           Response time of a call in ms, 0 to 600000. Default: 0.
  --page-limit N[:HOW]   Largest page, 1 to 100000. HOW decides what happens to a larger PageSize: reported (the
                         response has PageSize N; the default), silent (the response repeats the requested
                         PageSize) or refused (an error). Default: no limit.
  --rate-limit N[:BURST] Calls per second (above 0), and burst (default N); further calls get
                         Throttling.User. Default: no limit.
  --fault KIND[@WHEN]    Injects a fault; can be repeated. See below.
  --name-match HOW       How Name and ScriptName match: exact (the default) or fuzzy (a part of the name).
  --key-id ID            Access key ID. Default: emulator-access-key-id.
  --secret SECRET        Access key secret. Default: emulator-access-key-secret.
  --security-token TOKEN Security token that each call must have. Default: none.
  --clock-offset MS      How far the clock of the emulator is ahead, in ms; --clock-offset=-1000000 sets it
                         behind. Default: 0.
  --log                  Prints a line per call on standard error, without secrets.
  --help, -h             Prints this help.
  --version              Prints the version.

The tags of generated instances are env (prod, staging, dev), team (growth, care, risk, logistics) and
部门 (客服部, 市场部, 风控部). Some instances also have the tags note (reserved characters) and pilot (an empty
value). Some have no tags.

Fault kinds:
`;

const after = `
WHEN selects the calls that a fault affects, counted from 1. Calls that are rejected anyway don't count.
  always       every call (default)          every:N      calls N, 2N, 3N, …
  first:N      the first N calls             every:N+K    calls K, K+N, K+2N, …
  page:N       every call for page N         calls:A,B,C  these calls

Example: throttle every third call, and use the emulator in the same shell.
  eval "$(outboundbot-emulator --count 1000 --latency 50 --fault throttling@every:3 &)"
  pulumi preview
The emulator prints its process ID on standard error; kill that process when you are done. You can also run the
emulator in its own terminal and copy the export lines.

Example: use the vendor's clients.
  outboundbot-emulator --port 8080 --log
  aliyun outboundbot ListInstances --endpoint 127.0.0.1:8080 --insecure --force --region cn-shanghai \\
    --access-key-id emulator-access-key-id --access-key-secret emulator-access-key-secret \\
    --PageSize 50 --Tag.1.Key env --Tag.1.Value prod
In the vendor's SDKs, set endpoint to 127.0.0.1:8080 and protocol to HTTP in the Config.

Exit status: 0 when stopped, 1 when it can't listen, 2 for an invalid option or invalid data.
`;

export function helpText(): string {
  const kinds = Object.entries(faultKinds).map(([kind, { argument, summary }]) => {
    const name = `${kind}${argument}`;
    return name.length > 20 ? `  ${name}\n${" ".repeat(24)}${summary}` : `  ${name.padEnd(22)}${summary}`;
  });
  return `${before}${kinds.join("\n")}\n${after}`;
}
