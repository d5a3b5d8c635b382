import { redact } from "../common/redact.js";
import { ArgumentError } from "../errors/errors.js";
import type { LookupContext } from "../lookup/lookup.js";
import { allConfig, getConfig, hasEngine, log } from "./sdk.js";

/** The maximum length of a message, in characters. */
const longestMessage = 4_000;

/** The configuration, environment and log of the running Pulumi program, or of a script outside one. */
export const program: LookupContext = {
  sources: {
    config: getConfig,
    configKeys: () => Object.keys(allConfig()),
    environment: process.env,
  },
  warn: (message) => void log.warn(redact(message, longestMessage)),
  progress: (message) => {
    if (hasEngine()) {
      void log.info(redact(message, longestMessage), undefined, undefined, true);
    } else {
      // Pulumi's log writes to standard output, which belongs to the script and may be piped.
      process.stderr.write(`${redact(message, longestMessage)}\n`);
    }
  },
  debug: (message) => {
    if (hasEngine()) {
      void log.debug(redact(message, longestMessage));
    }
  },
};

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
