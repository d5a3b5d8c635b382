import { getInstancesOutput } from "pulumi-outboundbot";

// The customer care bots in production, selected by tag: the program contains no IDs.
const production = getInstancesOutput({ tags: { env: "prod", team: "care" } });

export const ids = production.ids;
export const capacity = production.instances.apply((bots) =>
  bots.reduce((sum, bot) => sum + (bot.maxConcurrentConversation ?? 0), 0),
);
