import { InstanceLookup } from "pulumi-outboundbot";

// The bots that may call customers. Whoever deploys sees in the preview which of them came and went since the last time.
const bots = new InstanceLookup("production-bots", { tags: { env: "prod" } });

export const ids = bots.ids;
export const names = bots.names;
