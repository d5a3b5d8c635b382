import { checkFailures } from "../resource/failures.js";
import { checkLookup, newLookupId, readAgain } from "../resource/methods.js";
import { idsArgument, type Properties, resultNames } from "../resource/properties.js";
import { changes, type PluginResource, withoutSecrets } from "./pluginResource.js";
import { StatusError } from "./statusError.js";
import type { Decoded } from "./wireReader.js";

export const lookupType = "outboundbot:index:InstanceLookup";

/** InstanceLookup: the methods of the dynamic provider, with previews and secrets, which a dynamic provider doesn't see. */
export const lookupResource: PluginResource = {
  async check(olds, news, run) {
    try {
      const inputs = await run((context) => checkLookup(olds.values, news.values, context));
      return { inputs: withSecrets(inputs, news), failures: [] };
    } catch (error) {
      if (error instanceof StatusError) {
        throw error;
      }
      return {
        inputs: news,
        failures: checkFailures(withoutSecrets(error, news, "InstanceLookup"), inputName),
      };
    }
  },

  // The engine compares the inputs itself.
  diff: () => changes.unknown,

  create: (inputs, preview) => ({ id: preview ? "" : newLookupId(), outputs: inputs }),

  update: (inputs) => inputs,

  async read(_id, state, run) {
    const inputs = withSecrets(await run((context) => readAgain(state.values, context)), state);
    return { inputs, outputs: inputs };
  },
};

/** Returns properties that are as secret as those that they follow from. A secret argument makes the result secret. */
function withSecrets(values: Properties, { secrets }: Decoded): Decoded {
  return { values, secrets: new Set(secrets.size === 0 ? [] : [...secrets, ...resultNames]) };
}

/** Returns the input of an argument: `onlyIds` for `ids`. */
function inputName(property: string): string {
  return property.replace(/^ids(?=\[|$)/, idsArgument);
}
