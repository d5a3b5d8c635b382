import type * as pulumi from "@pulumi/pulumi";
import { shown } from "../common/shown.js";
import { messageOf } from "../common/values.js";
import type { LookupContext } from "../lookup/lookup.js";
import { checkFailures, refreshFailure } from "../resource/failures.js";
import { checkLookup, hasChanged, newLookupId, readAgain } from "../resource/methods.js";
import { hasSecretResult, type Properties, toOutputs } from "../resource/properties.js";

/*
 * The methods of the dynamic provider behind InstanceLookup. This module is the provider: the state holds a `require` of
 * it and none of its code, and a newer version of the package takes over the resources of an older one. The engine starts
 * a process that loads it and calls `configure` once.
 */

let config: pulumi.dynamic.Config | undefined;

/** Keeps the stack's configuration for later. Nothing is read from it yet: a delete must work with a broken one. */
export async function configure(request: pulumi.dynamic.ConfigureRequest): Promise<void> {
  config = request.config;
}

/**
 * Checks the arguments, looks up, and adds the result to the inputs: what is among the inputs is known in a preview.
 * While an argument is unknown, so is the result, and no call is made.
 *
 * Whatever goes wrong is returned as a failure: the engine prints a failure as one sentence that names the resource, and
 * what is thrown with its stack.
 */
export async function check(_olds: Properties, news: Properties): Promise<pulumi.dynamic.CheckResult> {
  try {
    return { inputs: await checkLookup(news, context()) };
  } catch (error) {
    return { inputs: news, failures: checkFailures(error) };
  }
}

/**
 * Says whether anything differs. What differs the engine works out by itself, key by key, but only when it is not told that
 * something does. The keys are ids, so it is told when the result is secret. A change is never a replacement: there is nothing
 * outside the state to replace.
 */
export async function diff(
  _id: pulumi.ID,
  olds: Properties,
  news: Properties,
): Promise<pulumi.dynamic.DiffResult> {
  if (!hasChanged(olds, news)) {
    return { changes: false };
  }
  return hasSecretResult(news) ? { changes: true } : {};
}

/** The lookup was made by `check`; what it found becomes the state. */
export async function create(inputs: Properties): Promise<pulumi.dynamic.CreateResult> {
  return { id: newLookupId(), outs: toOutputs(inputs) };
}

/** As `create`, for a lookup that is in the state already. */
export async function update(
  _id: pulumi.ID,
  _olds: Properties,
  news: Properties,
): Promise<pulumi.dynamic.UpdateResult> {
  return { outs: toOutputs(news) };
}

/** Looks again with the arguments in the state. The inputs follow, so that the next preview compares with what is now. */
export async function read(id: pulumi.ID, properties: Properties): Promise<pulumi.dynamic.ReadResult> {
  try {
    const inputs = await readAgain(properties, context());
    return { id, props: toOutputs(inputs), inputs };
  } catch (error) {
    throw refreshFailure(messageOf(error));
  }
}

/** Nothing outside the state belongs to a lookup, so there is nothing to do, and nothing that could fail. */
async function forget(): Promise<void> {}

// `delete` is a reserved word, so a function cannot bear that name but an export can.
export { forget as delete };

function context(): LookupContext {
  return {
    sources: { config: (key) => config?.get(key), environment: process.env },
    // A provider's process has no ephemeral messages: each would stay on the screen.
    progress: () => {},
    // The engine shows what a provider's process writes there among the diagnostics.
    warn: (message) => void process.stderr.write(`warning: ${shown(message, 4_000)}\n`),
  };
}
