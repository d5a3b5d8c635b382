import type { CallRecord } from "./callLog.js";
import { type Check, checkThat, EmulatorOptionError, listOf, oneOf, wholeNumber } from "./checks.js";
import { type Fault, faultCheck } from "./faults.js";
import { generateInstances, mostGenerated } from "./generator.js";
import {
  instanceCheck,
  type ServiceInstance,
  type ServiceOutboundCallNumber,
  type ServiceScript,
} from "./items.js";

/** The options of the emulator. An invalid option fails with {@link EmulatorOptionError}. */
export interface EmulatorOptions {
  /** The TCP port on 127.0.0.1, from 0 to 65,535. 0 selects a free port. Default: 0. */
  readonly port?: number;
  /** The ID of the only valid access key: printable ASCII without spaces and commas. Default: `emulator-access-key-id`. */
  readonly accessKeyId?: string;
  /** The secret of the access key: printable ASCII without spaces and commas. Default: `emulator-access-key-secret`. */
  readonly accessKeySecret?: string;
  /**
   * The security token that every call must carry: printable ASCII without spaces and commas. Default: no token; the emulator
   * rejects a call with a token.
   */
  readonly securityToken?: string;
  /** The number of generated instances, from 0 to 100,000. Default: 120. */
  readonly count?: number;
  /** The instances, in the order of the list; their IDs must be unique. Default: generated instances. */
  readonly instances?: readonly ServiceInstance[];
  /** The scripts of each instance, by instance ID. An instance that isn't listed has no scripts. Default: generated scripts. */
  readonly scripts?: Readonly<Record<string, readonly ServiceScript[]>>;
  /**
   * The phone numbers of each instance, by instance ID. An instance that isn't listed has no numbers. Default: generated numbers.
   */
  readonly outboundCallNumbers?: Readonly<Record<string, readonly ServiceOutboundCallNumber[]>>;
  /** The latency of each response in milliseconds, an integer from 0 to 600,000. Default: 0. */
  readonly latency?: number;
  /** The maximum number of items on a page, from 1 to 100,000. Default: no limit. */
  readonly pageLimit?: number;
  /**
   * What happens to a PageSize above the limit. `reported`: the page is cut to the limit, and the response's PageSize states the
   * limit. `silent`: the page is cut, and the response repeats the requested size. `refused`: 400 `InvalidParameter.PageSize`.
   * Default: `reported`.
   */
  readonly pageLimitMode?: PageLimitMode;
  /** The rate limit in calls per second, above 0 and up to 1,000,000. Calls above it are throttled. Default: no limit. */
  readonly rateLimit?: number;
  /** The number of calls accepted at once after an idle period, from 1 to 1,000,000. Default: the calls of one second. */
  readonly rateLimitBurst?: number;
  /** The faults to inject. Default: none. */
  readonly faults?: readonly Fault[];
  /** The offset of the service's clock ahead of this machine's in milliseconds, an integer from -10^9 to 10^9. Default: 0. */
  readonly clockOffset?: number;
  /**
   * Called for each call, just before its response is sent. Errors that it throws aren't caught. Default: none.
   *
   * @param call the call, as in {@link Emulator.calls}.
   */
  readonly onCall?: (call: CallRecord) => void;
}

const pageLimitModes = oneOf("reported", "silent", "refused");

/** What happens to a PageSize above the limit. */
export type PageLimitMode = ReturnType<typeof pageLimitModes.read>;

/** The options that only a program can set. */
type ProgramOptions = Pick<EmulatorOptions, "scripts" | "outboundCallNumbers" | "onCall">;

/** The options that a program and the command line can set. */
type SharedOptions = Required<Omit<EmulatorOptions, keyof ProgramOptions>>;
type SharedName = keyof SharedOptions;

/** The checked options, with defaults. */
export type Settings = SharedOptions & ProgramOptions;

/** An option: its default, its check, and its description for the help of the command line. */
interface Option<Value> {
  readonly fallback: Value;
  readonly check: Check<Value>;
  readonly help: string;
}

function option<Value>(fallback: Value, check: Check<Value>, help: string): Option<Value> {
  return { fallback, check, help };
}

/** A text that is sent in a header. It may be a secret, so no message shows it. */
const headerText: Check<string> = {
  expected: "ASCII without spaces or commas",
  read: (value, path) => {
    if (typeof value === "string" && /^[!-+\--~]+$/.test(value)) {
      return value;
    }
    throw new EmulatorOptionError(`${path} must be printable ASCII without spaces or commas.`);
  },
};
const rate = checkThat(
  "a number above 0 and up to 1000000",
  (value): value is number => typeof value === "number" && value > 0 && value <= 1_000_000,
);

const mostBurst = 1_000_000;

/** The options that a program and the command line share, in the order of the help. Infinity is no limit. */
export const sharedOptions: { readonly [Name in SharedName]: Option<SharedOptions[Name]> } = {
  port: option(0, wholeNumber(0, 65_535), "TCP port; 0 selects a free port"),
  count: option(120, wholeNumber(0, mostGenerated), "generated instances, the same ones each time"),
  instances: option([], listOf(instanceCheck), "instances instead, or a saved response that has them"),
  latency: option(0, wholeNumber(0, 600_000), "latency of each response in ms"),
  pageLimit: option(Number.POSITIVE_INFINITY, wholeNumber(1, 100_000), "largest page"),
  pageLimitMode: option("reported", pageLimitModes, "what happens to a larger PageSize"),
  rateLimit: option(Number.POSITIVE_INFINITY, rate, "calls per second; others get Throttling.User"),
  rateLimitBurst: option(
    Number.POSITIVE_INFINITY,
    wholeNumber(1, mostBurst),
    "calls at once after a pause (default: one second's)",
  ),
  faults: option([], listOf(faultCheck), "faults, as described below"),
  accessKeyId: option("emulator-access-key-id", headerText, "access key ID"),
  accessKeySecret: option("emulator-access-key-secret", headerText, "access key secret"),
  securityToken: option("", headerText, "security token that each call must have"),
  clockOffset: option(0, wholeNumber(-1e9, 1e9), "how far the clock is ahead in ms"),
};

/**
 * Checks the options and adds the defaults.
 *
 * @param nameOf the name of an option in error messages.
 */
export function toSettings(
  given: { readonly [Name in SharedName]?: unknown },
  { scripts, outboundCallNumbers, onCall }: ProgramOptions = {},
  nameOf: (name: SharedName) => string = (name) => name,
): Settings {
  const read = <Name extends SharedName>(name: Name): SharedOptions[Name] => {
    const { fallback, check }: Option<SharedOptions[Name]> = sharedOptions[name];
    return given[name] === undefined ? fallback : check.read(given[name], nameOf(name));
  };
  return {
    port: read("port"),
    count: read("count"),
    instances: given.instances === undefined ? generateInstances(read("count")) : read("instances"),
    latency: read("latency"),
    pageLimit: read("pageLimit"),
    pageLimitMode: read("pageLimitMode"),
    rateLimit: read("rateLimit"),
    rateLimitBurst: Math.min(
      given.rateLimitBurst === undefined ? Math.ceil(read("rateLimit")) : read("rateLimitBurst"),
      mostBurst,
    ),
    faults: read("faults"),
    accessKeyId: read("accessKeyId"),
    accessKeySecret: read("accessKeySecret"),
    securityToken: read("securityToken"),
    clockOffset: read("clockOffset"),
    ...(scripts && { scripts }),
    ...(outboundCallNumbers && { outboundCallNumbers }),
    ...(onCall && { onCall }),
  };
}
