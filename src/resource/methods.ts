import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { containsUnknown, unknownValue } from "../common/reserved.js";
import { ArgumentError } from "../errors/errors.js";
import { instances } from "../lists/instances.js";
import type { LookupContext } from "../lookup/lookup.js";
import { isTrustedEndpoint } from "../settings/endpoint.js";
import {
  idsArgument,
  knownResult,
  type Properties,
  resultLists,
  resultNames,
  toArguments,
} from "./properties.js";

/*
 * The behavior of an InstanceLookup, shared by the dynamic provider and the plugin. Its outputs are its inputs, and the engine
 * compares the inputs.
 */

/**
 * Checks the arguments, runs the lookup and adds the result to the inputs. While an argument is unknown, no call is made and the
 * result is unknown.
 *
 * @param olds the inputs of the last deployment.
 */
export async function checkLookup(
  olds: Properties,
  news: Properties,
  context: LookupContext,
): Promise<Properties> {
  // The checks load the regular expressions, which importing this package must not wait for.
  const {
    checkArguments,
  }: typeof import("../lookup/checkArguments.js") = require("../lookup/checkArguments.js");
  const args = toArguments(news);
  // An unknown value within an argument is a string, and passes the checks.
  const known = Object.entries(args).filter(([, value]) => value !== unknownValue);
  checkArguments(instances, "InstanceLookup", Object.fromEntries(known));
  const kept = keptResult(olds, news);
  if (resultLists.some((name) => name in kept)) {
    return { ...news, ...knownResult(olds) };
  }
  const result = containsUnknown(args)
    ? Object.fromEntries(resultNames.map((name) => [name, unknownValue]))
    : await lookUp(args, context);
  return { ...news, ...result, ...kept };
}

/** Returns the ID of a new lookup. */
export function newLookupId(): string {
  return `lookup-${randomUUID()}`;
}

/** Repeats the lookup with the arguments in the state. @returns the inputs with the new result. */
export async function readAgain(state: Properties, context: LookupContext): Promise<Properties> {
  if (state.ids === undefined) {
    throw new Error(
      "Importing InstanceLookup failed: the service has no such object. Declare the lookup without the import option.",
    );
  }
  const { endpoint } = state;
  // Whoever can write to the state must not choose where the credentials are used.
  if (typeof endpoint === "string" && !isTrustedEndpoint(endpoint, context.sources)) {
    throw new Error(
      "Refreshing InstanceLookup failed: the endpoint in the state is not a host of aliyuncs.com. Set outboundbot:endpoint to the same endpoint, or run `pulumi up`, which uses the program's endpoint.",
    );
  }
  return { ...state, ...(await lookUp(toArguments(state), context)) };
}

/**
 * Returns the result that the engine copied from the last deployment, because of `ignoreChanges`.
 *
 * @throws ArgumentError for any other result, which was meant as an argument. Ignoring it would find too many instances.
 */
function keptResult(olds: Properties, news: Properties): Properties {
  const kept = knownResult(news);
  const problems = Object.keys(kept)
    .filter((name) => !isDeepStrictEqual(kept[name], olds[name]))
    .map((name) => ({
      property: "",
      reason: `${name} is a result, not an argument${name === "ids" ? `; use ${idsArgument}` : ""}`,
    }));
  if (problems.length > 0) {
    throw new ArgumentError("InstanceLookup", problems);
  }
  return kept;
}

/** Loads the lookup and the vendor's SDK on first use, because `delete` doesn't need them. */
async function lookUp(args: Properties, context: LookupContext): Promise<Properties> {
  const { instanceLookup }: typeof import("../lookup/functions.js") = require("../lookup/functions.js");
  const { ids, names, instances, totalCount } = await instanceLookup.all("InstanceLookup", args, context);
  return { ids, names, instances, totalCount };
}
