import type { Calls } from "../api/calls.js";
import { withDeadline } from "../common/deadline.js";
import { ConnectionError } from "../errors/errors.js";
import type { ListingWatcher, WholeList } from "../paging/wholeList.js";
import { resolveSettings, type SettingsSources, unknownKeyWarnings } from "../settings/settings.js";
import type { WhereArgs } from "./arguments.js";
import { type Connection, connect } from "./connection.js";
import { Progress } from "./progress.js";

/** What a lookup needs to know of the program that it runs in. */
export interface LookupContext {
  readonly sources: SettingsSources;
  /** Tells the user of something that is odd but does not make the result wrong. */
  readonly warn: (message: string) => void;
  /** Tells the user how far a lookup is that takes long. */
  readonly progress: (message: string) => void;
  /** Ends the lookup when it is aborted. */
  readonly signal?: AbortSignal | undefined;
}

/** The way to where arguments and settings say. */
export function openConnection(where: WhereArgs, context: LookupContext): Connection {
  warnOfUnknownKeys(context);
  return connect(resolveSettings(where, context.sources));
}

const warned = new Set<string>();

/** Once a process: the configuration is the same for every lookup of a program. */
function warnOfUnknownKeys({ sources, warn }: LookupContext): void {
  for (const warning of unknownKeyWarnings(sources)) {
    if (!warned.has(warning)) {
      warned.add(warning);
      warn(warning);
    }
  }
}

/** What reads a list: the calls that it makes, until when, and who is told how far it is. */
export type ListRead<Item> = (
  calls: Calls,
  signal: AbortSignal,
  watcher: ListingWatcher,
) => Promise<WholeList<Item>>;

/**
 * Reads a list of the service within the time that a lookup has, and tells how far it is.
 *
 * @param action the API's name of the calls that are made.
 * @throws ConnectionError `LookupTimeout`, or what `read` throws.
 */
export async function readList<Item>(
  connection: Connection,
  action: string,
  { progress: report }: LookupContext,
  signal: AbortSignal,
  read: ListRead<Item>,
): Promise<WholeList<Item>> {
  const progress = new Progress(report);
  let lastFailure: Error | undefined;
  const calls = connection.openCalls((kind, failure) => {
    lastFailure = failure;
    progress.retried(kind, failure);
  });
  const { lookupTimeout } = connection.limits;
  return withDeadline(
    lookupTimeout,
    () => timedOut(connection, action, lastFailure),
    signal,
    async (withinTime) => {
      await connection.ready();
      return read(calls, withinTime, progress);
    },
  );
}

function timedOut(
  { endpoint, limits }: Connection,
  action: string,
  lastFailure: Error | undefined,
): ConnectionError {
  const why = lastFailure === undefined ? "" : ` The last call that failed: ${lastFailure.message}`;
  return new ConnectionError(
    "LookupTimeout",
    `The lookup at ${endpoint} was given up after ${limits.lookupTimeout / 1000} s (outboundbot:lookupTimeout).${why}`,
    { action, endpoint },
    { cause: lastFailure },
  );
}
