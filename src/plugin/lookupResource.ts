import { unknownValue } from "../common/reserved.js";
import { checkFailures } from "../resource/failures.js";
import { checkLookup, hasChanged, newLookupId, readAgain } from "../resource/methods.js";
import {
  idsArgument,
  listed,
  type Properties,
  readInstances,
  resultInputs,
  resultLists,
  toOutputs,
} from "../resource/properties.js";
import { containsUnknown } from "../resource/unknown.js";
import { changes, type PluginResource } from "./pluginResource.js";
import { StatusError } from "./statusError.js";
import type { Decoded } from "./wireReader.js";

export const lookupType = "outboundbot:index:InstanceLookup";

/** InstanceLookup: the methods of the dynamic provider, with previews and secrets, which a dynamic provider doesn't see. */
export const lookupResource: PluginResource = {
  async check(news, run) {
    const misplaced = resultFailures(news.values);
    if (misplaced.length > 0) {
      return { inputs: news, failures: misplaced };
    }
    try {
      const inputs = await run((context) => checkLookup(news.values, context));
      return { inputs: withSecrets(inputs, news), failures: [] };
    } catch (error) {
      if (error instanceof StatusError) {
        throw error;
      }
      return { inputs: news, failures: checkFailures(error, inputName).map(({ reason }) => reason) };
    }
  },

  diff(olds, news) {
    if (!hasChanged(olds.values, news.values)) {
      return changes.none;
    }
    // Lets the engine find the changed keys and print them, unless the result is secret. The keys are IDs.
    return news.secrets.size > 0 ? changes.some : changes.unknown;
  },

  create: (inputs, preview) => ({ id: preview ? "" : newLookupId(), outputs: outputsOf(inputs) }),

  update: (inputs) => outputsOf(inputs),

  async read(_id, state, run) {
    const values = await run((context) => readAgain(state.values, context));
    const inputs = withSecrets(values, state);
    return { inputs, outputs: outputsOf(inputs) };
  },
};

/** Returns the outputs for the inputs; unknown while the inputs are unknown in a preview. */
function outputsOf(inputs: Decoded): Decoded {
  return withSecrets(outputValues(inputs.values), inputs);
}

function outputValues(inputs: Properties): Properties {
  if (containsUnknown(inputs.instancesById)) {
    return { ...inputs, ...Object.fromEntries(resultLists.map((name) => [name, unknownValue])) };
  }
  const outputs = toOutputs(inputs);
  // A TypeScript program derives the list itself; the other languages have only the outputs.
  return { ...outputs, instances: listed(readInstances(inputs.instancesById)).instances };
}

/** Returns properties that are as secret as those that they follow from. A secret argument makes the result secret. */
function withSecrets(values: Properties, { secrets }: Decoded): Decoded {
  return {
    values,
    secrets: new Set(secrets.size === 0 ? [] : [...secrets, ...resultInputs, ...resultLists]),
  };
}

/**
 * Rejects result names among the inputs. They were meant as arguments, and ignoring them would find more instances than
 * requested.
 */
function resultFailures(inputs: Properties): string[] {
  return resultLists
    .filter((name) => name in inputs)
    .map((name) => `${name} is a result, not an argument${name === "ids" ? `; use ${idsArgument}` : ""}`);
}

/** Returns the input of an argument: `onlyIds` for `ids`. */
function inputName(property: string): string {
  return property.replace(/^ids(?=\[|$)/, idsArgument);
}
