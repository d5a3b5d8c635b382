import { status } from "@grpc/grpc-js";
import { changes, type PluginResource } from "./pluginResource.js";
import { StatusError } from "./statusError.js";

export const instanceType = "outboundbot:index:Instance";

/** An existing bot, read only. It has no inputs, so only the service can change it. */
export const instanceResource: PluginResource = {
  /** Rejects every property, because properties would have no effect. */
  async check(_olds, news) {
    const given = Object.keys(news.values).filter((name) => !name.startsWith("__"));
    const failures = given.map(
      (name) => `${name} is not supported, because an Instance is read-only and has no inputs; remove it`,
    );
    return { inputs: news, failures };
  },

  diff: () => changes.none,

  create() {
    throw new StatusError(
      status.FAILED_PRECONDITION,
      "Creating Instance failed: the resource is read-only. Create the bot in the OutboundBot console or with the API's CreateInstance, then run `pulumi import outboundbot:index:Instance NAME ID`, or get it by its ID.",
    );
  },

  update() {
    throw new StatusError(status.FAILED_PRECONDITION, "Updating Instance failed: the resource is read-only.");
  },

  async read(id, _state, run) {
    // Loaded on first use, because the lookups load slowly.
    const { instanceLookup }: typeof import("../lookup/functions.js") = require("../lookup/functions.js");
    const { instances } = await run((context) => instanceLookup.all("getInstances", { ids: [id] }, context));
    const [instance] = instances;
    if (instance === undefined) {
      return undefined;
    }
    const { id: _id, ...outputs } = instance;
    return { inputs: { values: {}, secrets: new Set() }, outputs: { values: outputs, secrets: new Set() } };
  },
};
