import { InstanceLookup } from "pulumi-outboundbot";

// A preview shows which production bots were added or removed since the last deployment.
const bots = new InstanceLookup("production-bots", { tags: { env: "prod" } });

export const ids = bots.ids;
export const names = bots.names;
