import { parseArgs } from "node:util";
import { faultKinds, parseFault } from "./faultSyntax.js";
import type { PageLimit } from "./listPage.js";
import { EmulatorOptionError, show } from "./optionError.js";
import { currentWord, type EmulatorOptions, type RateLimitOptions } from "./options.js";

/** The parsed command line. */
export type Command =
  | { readonly run: "help" | "version" }
  | { readonly run: "emulator"; readonly options: EmulatorOptions; readonly log: boolean };

/**
 * Parses the command line.
 *
 * @throws EmulatorOptionError when it can't be parsed. The bounds of options are checked by the emulator.
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
    throw new EmulatorOptionError(`${sentence.replace(/\.$/, "")}; --help shows the options.`);
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
  throw new EmulatorOptionError(`${option} must be a number; it was ${show(text)}.`);
}

function toPageLimit(text: string): PageLimit {
  const [, size, word = "reported"] = /^(\d+)(?::(.*))?$/.exec(text) ?? [];
  const mode = currentWord(word);
  if (size !== undefined && (mode === "reported" || mode === "silent" || mode === "refused")) {
    return { size: Number(size), mode };
  }
  throw new EmulatorOptionError(
    `--page-limit must be N, N:reported, N:silent or N:refused; it was ${show(text)}.`,
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

const before = `outboundbot-emulator: Alibaba Cloud OutboundBot (2019-12-26) on this machine: ListInstances, ListScripts
and ListOutboundCallNumbers.

Usage: outboundbot-emulator [options]

It listens on 127.0.0.1 only, checks each call's signature (ACS3-HMAC-SHA256, or version 1.0), and runs
until Ctrl-C. Once it listens it prints one "export NAME=VALUE" line on standard output for each setting
that a client needs, and closes standard output.

Options:
  --port N               TCP port, 0 to 65535; 0 takes a free one. Default 0.
  --count N              How many generated instances, 0 to 100000, always the same ones. Default 120.
  --data FILE            Instances from a JSON file instead: {"Instances": [...]} or the list alone,
                         in the service's field names. A saved answer of the service will do.
  --latency MS           Time to answer a call, in ms, 0 to 600000. Default 0.
  --page-limit N[:HOW]   Largest page, 1 to 100000. HOW a larger PageSize is treated: reported (the response's
                         PageSize is N; default), silent (it is not) or refused. Default: no limit.
  --rate-limit N[:BURST] Calls a second (above 0), and at once (default N); more of them get
                         Throttling.User. Default: no limit.
  --fault KIND[@WHEN]    A fault to inject; may be given several times. See below.
  --name-match HOW       How Name and ScriptName are compared: exact (default) or fuzzy (a part of the name).
  --key-id ID            The access key id. Default emulator-access-key-id.
  --secret SECRET        Its secret. Default emulator-access-key-secret.
  --security-token TOKEN The token that each call must carry. Default: none.
  --clock-offset MS      How far the service's clock is ahead, in ms, such as --clock-offset=-1000000 for behind.
                         Default 0.
  --log                  A line for each call on standard error. It shows no secrets.
  --help, -h             This text.
  --version              The version.

Generated instances carry the tags env (prod, staging, dev), team (growth, care, risk, logistics),
部门 (客服部, 市场部, 风控部), some also note (reserved characters) and pilot (an empty value); some none.

Fault kinds:
`;

const after = `
WHEN says which calls a fault strikes, counted from 1; a call that is refused anyway is not counted:
  always       every call (default)          every:N      calls N, 2N, 3N, …
  first:N      the first N calls             every:N+K    calls K, K+N, K+2N, …
  page:N       every call for page N         calls:A,B,C  these calls

Example: throttle every third call, and use the emulator from the same shell.
  eval "$(outboundbot-emulator --count 1000 --latency 50 --fault throttling@every:3 &)"
  pulumi preview
Standard error shows the process id; kill it when done. Or run it in a terminal of its own and copy the lines.

Another example, with the vendor's own clients:
  outboundbot-emulator --port 8080 --log
  aliyun outboundbot ListInstances --endpoint 127.0.0.1:8080 --insecure --force --region cn-shanghai \\
    --access-key-id emulator-access-key-id --access-key-secret emulator-access-key-secret \\
    --PageSize 50 --Tag.1.Key env --Tag.1.Value prod
The vendor's SDKs take endpoint 127.0.0.1:8080 and protocol HTTP in their Config.

Exit status: 0 when stopped, 1 when it cannot listen, 2 for an option or data that it cannot use.
`;

export function helpText(): string {
  const kinds = Object.entries(faultKinds).map(([kind, { argument, summary }]) => {
    const name = `${kind}${argument}`;
    return name.length > 20 ? `  ${name}\n${" ".repeat(24)}${summary}` : `  ${name.padEnd(22)}${summary}`;
  });
  return `${before}${kinds.join("\n")}\n${after}`;
}
