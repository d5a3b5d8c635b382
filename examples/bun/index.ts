import { getInstancesOutput } from "pulumi-outboundbot";

/** The bots that a dialer may call with: whatever carries its tags, without an id in this program. */
const production = getInstancesOutput({ tags: { env: "prod", team: "care" } });

export const ids = production.ids;
export const capacity = production.instances.apply((bots) =>
  bots.reduce((sum, bot) => sum + (bot.maxConcurrentConversation ?? 0), 0),
);
