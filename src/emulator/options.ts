import type { CallRecord } from "./callLog.js";
import { toFault } from "./faultSyntax.js";
import type { Fault } from "./faults.js";
import { generateInstances, mostGenerated } from "./generator.js";
import { checkInstanceItems } from "./instanceItems.js";
import type { NameMatch } from "./instanceList.js";
import { readDataFile, type ServiceInstance, toInstances } from "./instances.js";
import type { PageLimit } from "./listPage.js";
import { EmulatorOptionError, show, wholeNumber } from "./optionError.js";
import type { ServiceOutboundCallNumber } from "./outboundCallNumbers.js";
import type { ServiceScript } from "./scripts.js";

/** The rate limit over all connections. Calls above it are throttled with 400 `Throttling.User`. */
export interface RateLimitOptions {
  /** The sustained rate in calls per second, above 0 and up to 1,000,000. */
  readonly callsPerSecond: number;
  /**
   * The number of calls allowed at once after an idle period, from 1 to 1,000,000. Default: the calls of one second, at least 1.
   */
  readonly burst?: number;
}

/** The options of the emulator. Every option has a default. An invalid option fails with {@link EmulatorOptionError}. */
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
  /** The number of generated instances, from 0 to 100,000. Default: 120. Can't be combined with `instances` or `dataFile`. */
  readonly count?: number;
  /** The instances, in the order of the list; their IDs must be unique. Can't be combined with `count` or `dataFile`. */
  readonly instances?: readonly ServiceInstance[];
  /**
   * The path of a JSON file of instances: `{"Instances": [...]}` or the list alone. Can't be combined with `count` or
   * `instances`.
   */
  readonly dataFile?: string;
  /** The scripts of each instance, by instance ID. An instance that isn't listed has no scripts. Default: generated scripts. */
  readonly scripts?: Readonly<Record<string, readonly ServiceScript[]>>;
  /**
   * The phone numbers of each instance, by instance ID. An instance that isn't listed has no numbers. Default: generated numbers.
   */
  readonly outboundCallNumbers?: Readonly<Record<string, readonly ServiceOutboundCallNumber[]>>;
  /** The latency of each response in milliseconds, an integer from 0 to 600,000. Default: 0. */
  readonly latency?: number;
  /** The maximum page size. Default: no limit. */
  readonly pageLimit?: PageLimit;
  /** The rate limit. Default: no limit. */
  readonly rateLimit?: RateLimitOptions;
  /**
   * The faults to inject, as objects or in the syntax of {@link parseFault}. Only the kind of an object is checked. Default: none.
   */
  readonly faults?: readonly (Fault | string)[];
  /**
   * How the emulator matches the parameters Name and ScriptName: `exact` (the whole name) or `fuzzy` (part of the name). Which
   * one the service uses isn't documented. Default: `exact`.
   */
  readonly nameMatch?: NameMatch;
  /** The offset of the service's clock ahead of this machine's in milliseconds, an integer from -10^12 to 10^12. Default: 0. */
  readonly clockOffset?: number;
  /**
   * Called for each call, just before its response is sent. Errors that it throws aren't caught. Default: none.
   *
   * @param call the call, as in {@link Emulator.calls}.
   */
  readonly onCall?: (call: CallRecord) => void;
}

/** The checked options, with defaults. */
export interface Settings {
  readonly port: number;
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly securityToken: string | undefined;
  readonly instances: readonly ServiceInstance[];
  readonly scripts: EmulatorOptions["scripts"];
  readonly outboundCallNumbers: EmulatorOptions["outboundCallNumbers"];
  readonly latency: number;
  readonly pageLimit: PageLimit | undefined;
  readonly rateLimit: Required<RateLimitOptions> | undefined;
  readonly faults: readonly Fault[];
  readonly nameMatch: NameMatch;
  readonly clockOffset: number;
  readonly onCall: (call: CallRecord) => void;
}

export async function toSettings(options: EmulatorOptions): Promise<Settings> {
  const { securityToken, pageLimit, rateLimit } = options;
  return {
    port: wholeNumber("port", options.port ?? 0, 0, 65_535),
    accessKeyId: filled("accessKeyId", options.accessKeyId ?? "emulator-access-key-id"),
    accessKeySecret: filled("accessKeySecret", options.accessKeySecret ?? "emulator-access-key-secret"),
    securityToken: securityToken === undefined ? undefined : filled("securityToken", securityToken),
    latency: wholeNumber("latency", options.latency ?? 0, 0, 600_000),
    pageLimit: pageLimit === undefined ? undefined : toPageLimit(pageLimit),
    rateLimit: rateLimit === undefined ? undefined : toRateLimit(rateLimit),
    faults: (options.faults ?? []).map(toFault),
    nameMatch: oneOf("nameMatch", options.nameMatch ?? "exact", ["exact", "fuzzy"]),
    clockOffset: wholeNumber("clockOffset", options.clockOffset ?? 0, -1e12, 1e12),
    onCall: options.onCall ?? (() => {}),
    instances: await toData(options),
    scripts: checkInstanceItems("scripts", options.scripts, "ScriptId"),
    outboundCallNumbers: checkInstanceItems(
      "outboundCallNumbers",
      options.outboundCallNumbers,
      "OutboundCallNumberId",
    ),
  };
}

async function toData({ count, instances, dataFile }: EmulatorOptions): Promise<readonly ServiceInstance[]> {
  if ([count, instances, dataFile].filter((source) => source !== undefined).length > 1) {
    throw new EmulatorOptionError("Only one of count, instances and dataFile can be set.");
  }
  if (dataFile !== undefined) {
    return readDataFile(dataFile);
  }
  if (instances !== undefined) {
    return toInstances(instances, "instances");
  }
  return generateInstances(wholeNumber("count", count ?? 120, 0, mostGenerated));
}

function toPageLimit({ size, mode }: PageLimit): PageLimit {
  return {
    size: wholeNumber("pageLimit.size", size, 1, 100_000),
    mode: oneOf("pageLimit.mode", currentMode(mode), ["reported", "silent", "refused"]),
  };
}

/** Maps a deprecated mode name from version 0.1.0 to its current name. Returns other names unchanged. */
export function currentMode(mode: string): string {
  const current: Readonly<Record<string, string>> = { said: "reported", unsaid: "silent" };
  return Object.hasOwn(current, mode) ? (current[mode] ?? mode) : mode;
}

function toRateLimit({ callsPerSecond, burst }: RateLimitOptions): Required<RateLimitOptions> {
  if (!(callsPerSecond > 0 && callsPerSecond <= 1_000_000)) {
    throw new EmulatorOptionError(
      `rateLimit.callsPerSecond must be a number above 0 and up to 1000000, got ${show(callsPerSecond)}.`,
    );
  }
  return {
    callsPerSecond,
    burst: wholeNumber("rateLimit.burst", burst ?? Math.ceil(callsPerSecond), 1, 1_000_000),
  };
}

/**
 * Checks a text that is sent in a header, which must be printable ASCII without spaces or commas. It may be a secret, so no
 * message shows it.
 */
function filled(name: string, value: string): string {
  if (typeof value === "string" && /^[!-+\--~]+$/.test(value)) {
    return value;
  }
  throw new EmulatorOptionError(
    `${name} must be a non-empty string of printable ASCII characters, without spaces or commas.`,
  );
}

function oneOf<T extends string>(name: string, value: string, choices: readonly T[]): T {
  const choice = choices.find((candidate) => candidate === value);
  if (choice !== undefined) {
    return choice;
  }
  throw new EmulatorOptionError(`${name} must be one of ${choices.join(", ")}, got ${show(value)}.`);
}
