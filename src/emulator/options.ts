import { checkBelongings } from "./belongings.js";
import type { CallRecord } from "./callLog.js";
import { toFault } from "./faultSyntax.js";
import type { Fault } from "./faults.js";
import { generateInstances, mostGenerated } from "./generator.js";
import type { NameMatch } from "./instanceList.js";
import { readDataFile, type ServiceInstance, toInstances } from "./instances.js";
import type { PageLimit } from "./listPage.js";
import { EmulatorOptionError, show, wholeNumber } from "./optionError.js";
import type { ServiceOutboundCallNumber } from "./outboundCallNumbers.js";
import type { ServiceScript } from "./scripts.js";

/** How many calls the emulator takes, over all connections; one too many is answered 400 `Throttling.User`. */
export interface RateLimitOptions {
  /** Calls a second in the long run: above 0, to 1,000,000. */
  readonly callsPerSecond: number;
  /** Calls at once after a rest: 1 to 1,000,000. Default: as many as in a second, at least 1. */
  readonly burst?: number;
}

/** What the emulated service is like. Every option has a default; one that is out of bounds is an {@link EmulatorOptionError}. */
export interface EmulatorOptions {
  /** The TCP port on 127.0.0.1: 0 to 65,535; 0 takes a free one. Default 0. */
  readonly port?: number;
  /** The id of the only access key that there is: printable ASCII without spaces and commas. Default `emulator-access-key-id`. */
  readonly accessKeyId?: string;
  /** Its secret: printable ASCII without spaces and commas. Default `emulator-access-key-secret`. */
  readonly accessKeySecret?: string;
  /** The security token that every call must carry: printable ASCII without spaces and commas. Default: none, and a call with one is refused. */
  readonly securityToken?: string;
  /** How many generated instances there are: 0 to 100,000. Default 120. Not together with `instances` or `dataFile`. */
  readonly count?: number;
  /** The instances, in the order in which they are listed; their ids must differ. Not together with `count` or `dataFile`. */
  readonly instances?: readonly ServiceInstance[];
  /** The path of a JSON file of instances: `{"Instances": [...]}` or the list alone. Not together with `count` or `instances`. */
  readonly dataFile?: string;
  /** The scripts of each instance, by its id; one that is not named has none. Default: every instance has a few. */
  readonly scripts?: Readonly<Record<string, readonly ServiceScript[]>>;
  /** The numbers that each instance can call from, by its id; one that is not named has none. Default: every instance has a few. */
  readonly outboundCallNumbers?: Readonly<Record<string, readonly ServiceOutboundCallNumber[]>>;
  /** How long the service takes to answer a call, in ms: a whole number from 0 to 600,000. Default 0. */
  readonly latency?: number;
  /** The largest page. Default: no limit. */
  readonly pageLimit?: PageLimit;
  /** How many calls are taken. Default: all. */
  readonly rateLimit?: RateLimitOptions;
  /** What goes wrong: objects, of which only the kind is checked, or texts as {@link parseFault} reads them. Default: nothing. */
  readonly faults?: readonly (Fault | string)[];
  /**
   * How the parameters Name and ScriptName are compared: `exact` (the whole name) or `fuzzy` (a part of it). The service's documentation does not
   * say which it is. Default `exact`.
   */
  readonly nameMatch?: NameMatch;
  /** How far the service's clock is ahead of this machine's, in ms: a whole number from -10^12 to 10^12. Default 0. */
  readonly clockOffset?: number;
  /**
   * Called for each call, just before its answer leaves. What it throws is not caught. Default: nothing is called.
   *
   * @param call the call, as {@link Emulator.calls} has it.
   */
  readonly onCall?: (call: CallRecord) => void;
}

/** The options, checked and complete. */
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
    scripts: checkBelongings("scripts", options.scripts, "ScriptId"),
    outboundCallNumbers: checkBelongings(
      "outboundCallNumbers",
      options.outboundCallNumbers,
      "OutboundCallNumberId",
    ),
  };
}

async function toData({ count, instances, dataFile }: EmulatorOptions): Promise<readonly ServiceInstance[]> {
  if ([count, instances, dataFile].filter((source) => source !== undefined).length > 1) {
    throw new EmulatorOptionError("Only one of count, instances and dataFile can be given.");
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
    mode: oneOf("pageLimit.mode", currentWord(mode), ["reported", "silent", "refused"]),
  };
}

/** The word for a page limit's mode; version 0.1.0 had others for two of them. */
export function currentWord(mode: string): string {
  const current: Readonly<Record<string, string>> = { said: "reported", unsaid: "silent" };
  return Object.hasOwn(current, mode) ? (current[mode] ?? mode) : mode;
}

function toRateLimit({ callsPerSecond, burst }: RateLimitOptions): Required<RateLimitOptions> {
  if (!(callsPerSecond > 0 && callsPerSecond <= 1_000_000)) {
    throw new EmulatorOptionError(
      `rateLimit.callsPerSecond must be a number above 0, to 1000000; it was ${show(callsPerSecond)}.`,
    );
  }
  return {
    callsPerSecond,
    burst: wholeNumber("rateLimit.burst", burst ?? Math.ceil(callsPerSecond), 1, 1_000_000),
  };
}

/** Headers carry it, so it must be printable ASCII without spaces or commas. The value itself may be a secret: no message shows it. */
function filled(name: string, value: string): string {
  if (typeof value === "string" && /^[!-+\--~]+$/.test(value)) {
    return value;
  }
  throw new EmulatorOptionError(
    `${name} must be a text of printable ASCII characters, without spaces and commas.`,
  );
}

function oneOf<T extends string>(name: string, value: string, choices: readonly T[]): T {
  const choice = choices.find((candidate) => candidate === value);
  if (choice !== undefined) {
    return choice;
  }
  throw new EmulatorOptionError(`${name} must be one of ${choices.join(", ")}; it was ${show(value)}.`);
}
