import type { Client } from "@grpc/grpc-js";
import type * as pulumi from "@pulumi/pulumi";
import { redact } from "../common/redact.js";
import { ArgumentError } from "../errors/errors.js";
import type { LookupContext } from "../lookup/lookup.js";
import {
  allConfig,
  getConfig,
  getEngine,
  getMonitor,
  getProject,
  getStack,
  log,
  rpcKeepAlive,
} from "./sdk.js";

/** The maximum length of a message, in characters. */
const longestMessage = 4_000;

/** The configuration, environment and log of the running Pulumi program, or of a script outside one. */
export const program: LookupContext = {
  sources: {
    config: getConfig,
    configKeys: () => Object.keys(allConfig()),
    environment: process.env,
    stack: () => (getEngine() === undefined ? undefined : `${getProject()}/${getStack()}`),
  },
  warn: (message) => void log.warn(redact(message, longestMessage)),
  progress: (message) => {
    if (getEngine() !== undefined) {
      void log.info(redact(message, longestMessage), undefined, undefined, true);
    } else {
      // Pulumi's log writes to standard output, which belongs to the script and may be piped.
      process.stderr.write(`${redact(message, longestMessage)}\n`);
    }
  },
  debug: (message) => {
    if (getEngine() !== undefined) {
      void log.debug(redact(message, longestMessage));
    }
  },
};

/** Returns the program's connection to the engine, if it has one. */
export function engineMonitor(): Client | undefined {
  const monitor: object | undefined = getMonitor();
  return isClient(monitor) ? monitor : undefined;
}

/** The functions of Pulumi's mocks. */
interface Mocks {
  /** Returns what the test wants a function to return. */
  call<Result>(call: pulumi.runtime.MockCallArgs): Result | Promise<Result>;
}

/** Returns the mocks under which the program runs, if any. */
export function currentMocks(): Mocks | undefined {
  const monitor: object | undefined = getMonitor();
  return isMock(monitor) ? monitor.mocks : undefined;
}

/** Keeps the program open while a lookup runs, as the SDK does for its invokes. An inline program or component ends otherwise. */
export async function holdOpen<Result>(work: () => Promise<Result>): Promise<Result> {
  const done = getMonitor() === undefined ? () => {} : rpcKeepAlive();
  try {
    return await work();
  } finally {
    // Node first runs what waits for the result, or reports that nothing handles the failure.
    setImmediate(done);
  }
}

function isMock(monitor: object | undefined): monitor is { readonly mocks: Mocks } {
  return monitor !== undefined && "mocks" in monitor;
}

function isClient(monitor: object | undefined): monitor is Client {
  return monitor !== undefined && "makeUnaryRequest" in monitor;
}

/** Rejects options that a function in the program can't support. Ignoring an explicit provider would list the wrong account. */
export function refuseOptions(
  functionName: string,
  opts: object | null,
  refused: Readonly<Record<string, string>>,
): void {
  const problems = Object.entries(refused)
    .filter(([option]) => (Reflect.get(opts ?? {}, option) ?? undefined) !== undefined)
    .map(([option, reason]) => ({ property: `opts.${option}`, reason }));
  if (problems.length > 0) {
    throw new ArgumentError(functionName, problems);
  }
}
