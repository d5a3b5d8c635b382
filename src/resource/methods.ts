import { randomUUID } from "node:crypto";
import { instances } from "../lists/instances.js";
import type { LookupContext } from "../lookup/lookup.js";
import { changedProperties } from "./difference.js";
import {
  foundInputs,
  hasUnknownArguments,
  keptInputs,
  knownArguments,
  type Properties,
  providerText,
  resultInputs,
  toArguments,
  toComparable,
  toInputs,
  unknownInputs,
} from "./properties.js";

/*
 * What an InstanceLookup does, whichever provider serves it: the dynamic one, or the plugin.
 */

/**
 * Checks the arguments, looks up, and adds the result to the inputs. While an argument is unknown, so is the result, and no
 * call is made.
 */
export async function checkLookup(news: Properties, context: LookupContext): Promise<Properties> {
  // With the checks come the regular expressions, which the import of this package must not wait for.
  const { checkArguments }: typeof import("../lookup/arguments.js") = require("../lookup/arguments.js");
  checkArguments(instances, "InstanceLookup", knownArguments(news));
  const kept = keptInputs(news);
  if (resultInputs.every((name) => name in kept)) {
    return { ...news, ...kept };
  }
  const result = hasUnknownArguments(news) ? unknownInputs() : await lookUpInputs(toArguments(news), context);
  return { ...news, ...result, ...kept };
}

/**
 * Whether anything differs but the lists, which follow from the inputs. A lookup that moves here from the plugin has no provider's text
 * in its outputs yet, without which it could not be deleted.
 */
export function hasChanged(olds: Properties, news: Properties): boolean {
  const lacksProvider = providerText in news && !(providerText in olds);
  return lacksProvider || changedProperties(toComparable(olds), toComparable(news)).length > 0;
}

/** The id of a new lookup. */
export function newLookupId(): string {
  return `lookup-${randomUUID()}`;
}

/** Looks again with the arguments in the state. @returns the inputs that follow from what is found. */
export async function readAgain(state: Properties, context: LookupContext): Promise<Properties> {
  if (resultInputs.some((name) => state[name] === undefined)) {
    throw new Error(
      "An InstanceLookup cannot be imported, because the service has no such object. Declare it without an import.",
    );
  }
  return { ...toInputs(state), ...(await lookUpInputs(toArguments(state), context)) };
}

/** The lookup, among it the vendor's SDK, takes long to load, and `delete` and `diff` do without it. */
async function lookUpInputs(args: Properties, context: LookupContext): Promise<Properties> {
  const { instanceLookup }: typeof import("../lookup/instances.js") = require("../lookup/instances.js");
  return foundInputs(await instanceLookup.all("InstanceLookup", args, context));
}
