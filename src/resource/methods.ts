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
 * The behavior of an InstanceLookup, shared by the dynamic provider and the plugin.
 */

/**
 * Checks the arguments, runs the lookup and adds the result to the inputs. While an argument is unknown, no call is made and the
 * result is unknown.
 */
export async function checkLookup(news: Properties, context: LookupContext): Promise<Properties> {
  // The checks load the regular expressions, which importing this package must not wait for.
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
 * Returns whether anything but the lists differs; the lists follow from the inputs. A lookup that moved here from the plugin has
 * no provider text in its outputs yet, and can't be deleted without it.
 */
export function hasChanged(olds: Properties, news: Properties): boolean {
  const lacksProvider = providerText in news && !(providerText in olds);
  return lacksProvider || changedProperties(toComparable(olds), toComparable(news)).length > 0;
}

/** Returns the ID of a new lookup. */
export function newLookupId(): string {
  return `lookup-${randomUUID()}`;
}

/** Repeats the lookup with the arguments in the state. @returns the inputs with the new result. */
export async function readAgain(state: Properties, context: LookupContext): Promise<Properties> {
  if (resultInputs.some((name) => state[name] === undefined)) {
    throw new Error(
      "Importing InstanceLookup failed: the service has no such object. Declare the lookup without the import option.",
    );
  }
  return { ...toInputs(state), ...(await lookUpInputs(toArguments(state), context)) };
}

/** Loads the lookup and the vendor's SDK on first use, because `delete` and `diff` don't need them. */
async function lookUpInputs(args: Properties, context: LookupContext): Promise<Properties> {
  const { instanceLookup }: typeof import("../lookup/instances.js") = require("../lookup/instances.js");
  return foundInputs(await instanceLookup.all("InstanceLookup", args, context));
}
