import * as pulumi from "@pulumi/pulumi";
import { isRecord, propertyPath } from "../common/values.js";
import { ArgumentError } from "../errors/errors.js";
import type { GetInstancesResult, Instance, ReadInstance } from "../lists/instances.js";
import type { FunctionName } from "../lookup/arguments.js";
import type { Lookup, LookupContext } from "../lookup/lookup.js";

/** The running Pulumi program, or a script outside one: its configuration, its environment and its log. */
export const program: LookupContext = {
  sources: {
    config: (key) => pulumi.runtime.getConfig(key),
    configKeys: () => Object.keys(pulumi.runtime.allConfig()),
    environment: process.env,
  },
  warn: (message) => void pulumi.log.warn(message),
  progress: (message) => {
    if (pulumi.runtime.hasEngine()) {
      void pulumi.log.info(message, undefined, undefined, true);
    } else {
      // Pulumi's log would write to standard output, which belongs to the script and may be a pipe.
      process.stderr.write(`${message}\n`);
    }
  },
};

/**
 * Refuses what a function that runs in the program cannot honour. Ignoring an explicit provider would look in the wrong
 * account.
 */
export function refuseOptions(
  called: FunctionName,
  opts: object | null,
  refused: Readonly<Record<string, string>>,
): void {
  const problems = Object.entries(refused)
    .filter(([option]) => (Reflect.get(opts ?? {}, option) ?? undefined) !== undefined)
    .map(([option, reason]) => ({ property: `opts.${option}`, reason }));
  if (problems.length > 0) {
    throw new ArgumentError(called, problems);
  }
}

/** The options that an Output form refuses, and what to use instead. */
export const refusedByOutputForm = {
  provider:
    "a function that runs in the program has no provider; give the arguments region, endpoint or profile, or the outboundbot: configuration, to say where to look",
} as const satisfies { readonly [Option in keyof pulumi.InvokeOutputOptions]: string };

/** The options that a plain form refuses. */
export const refusedByPlainForm = {
  ...refusedByOutputForm,
  dependsOn: "only the Output form waits for resources; use it instead",
} as const satisfies { readonly [Option in keyof pulumi.InvokeOutputOptions]: string };

/** Refuses Outputs among plain arguments, where they would be taken for odd objects. */
export function refuseOutputs(called: FunctionName, args: unknown): void {
  const paths = outputPaths(args, "");
  if (paths.length > 0) {
    const reason = "is an Output, whose value is not there yet; use the Output form of this function";
    throw new ArgumentError(
      called,
      paths.map((property) => ({ property, reason })),
    );
  }
}

/** No argument is nested deeper than an element of a list or a map; an object may contain itself. */
const deepest = 2;

function outputPaths(value: unknown, path: string, depth = 0): string[] {
  if (pulumi.Output.isInstance(value)) {
    return [path];
  }
  if (depth === deepest) {
    return [];
  }
  if (Array.isArray(value)) {
    return value.flatMap((element: unknown, index) => outputPaths(element, `${path}[${index}]`, depth + 1));
  }
  if (isRecord(value)) {
    return Object.entries(value).flatMap(([name, field]) =>
      outputPaths(field, propertyPath(path, name), depth + 1),
    );
  }
  return [];
}

/**
 * Lookups load at the first one, so that importing this package stays fast. By `require`: the first `import()` of a process starts
 * Node's loader of ES modules, which takes longer than the modules themselves.
 */
export function loadInstanceLookup(): Lookup<Instance, GetInstancesResult, ReadInstance> {
  const { instanceLookup }: typeof import("../lookup/instances.js") = require("../lookup/instances.js");
  return instanceLookup;
}
