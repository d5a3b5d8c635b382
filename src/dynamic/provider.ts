import type * as pulumi from "@pulumi/pulumi";
import { redact } from "../common/redact.js";
import { messageOf } from "../common/values.js";
import type { LookupContext } from "../lookup/lookup.js";
import { checkFailures, refreshFailure } from "../resource/failures.js";
import { checkLookup, newLookupId, readAgain } from "../resource/methods.js";
import type { Properties } from "../resource/properties.js";

/*
 * The methods of the dynamic provider of InstanceLookup. The state holds a `require` of this module and none of its code, so a newer
 * version of the package takes over the resources of an older one. The engine starts a process that loads it and calls `configure` once.
 *
 * There is no `diff`, because the engine compares the inputs itself, and no `delete`, because nothing exists outside the state.
 */

let config: pulumi.dynamic.Config | undefined;

/** Stores the stack's configuration. Nothing is read from it yet, because a delete must work with an invalid configuration. */
export async function configure(request: pulumi.dynamic.ConfigureRequest): Promise<void> {
  config = request.config;
}

/**
 * Checks the arguments, runs the lookup and adds the result to the inputs, because a preview knows its inputs. While an argument
 * is unknown, no call is made and the result is unknown.
 *
 * Every error is returned as a failure: the engine prints a failure as one sentence that names the resource, and a thrown error
 * with its stack.
 */
export async function check(olds: Properties, news: Properties): Promise<pulumi.dynamic.CheckResult> {
  try {
    return { inputs: await checkLookup(olds, news, context()) };
  } catch (error) {
    return { inputs: news, failures: checkFailures(error).map((reason) => ({ property: "", reason })) };
  }
}

/** Stores the result that `check` found in the state. */
export async function create(inputs: Properties): Promise<pulumi.dynamic.CreateResult> {
  return { id: newLookupId(), outs: inputs };
}

/** Stores the new result, like `create`. */
export async function update(
  _id: pulumi.ID,
  _olds: Properties,
  news: Properties,
): Promise<pulumi.dynamic.UpdateResult> {
  return { outs: news };
}

/**
 * Repeats the lookup with the arguments in the state. Also updates the inputs, so that the next preview compares with the new
 * result.
 */
export async function read(id: pulumi.ID, properties: Properties): Promise<pulumi.dynamic.ReadResult> {
  try {
    const inputs = await readAgain(properties, context());
    return { id, props: inputs, inputs };
  } catch (error) {
    throw refreshFailure(messageOf(error));
  }
}

function context(): LookupContext {
  return {
    sources: { config: (key) => config?.get(key), environment: process.env },
    // A provider process has no ephemeral messages, so each progress message would stay on the screen.
    progress: () => {},
    // The engine shows standard error of a provider process among the diagnostics.
    warn: (message) => void process.stderr.write(`warning: ${redact(message, 4_000)}\n`),
  };
}
