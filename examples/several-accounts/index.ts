import * as pulumi from "@pulumi/pulumi";
import { getInstancesOutput } from "pulumi-outboundbot";

// One profile of the vendor's command-line client for each account.
const profiles = new pulumi.Config().getObject<string[]>("profiles") ?? ["care", "sales"];

// All accounts are asked at once, each as itself.
const found = profiles.map((profile) => getInstancesOutput({ profile, tags: { env: "prod" } }));

/** Every account's bots in one list: by account, then oldest first. */
export const bots = pulumi
  .all(found)
  .apply((results) =>
    results.flatMap(({ profile, instances }) =>
      instances.map(({ id, instanceName }) => ({ account: profile, id, name: instanceName })),
    ),
  );

/** How many calls each account's bots can hold at once. */
export const capacity = pulumi
  .all(found)
  .apply((results) =>
    Object.fromEntries(
      results.map(({ profile, instances }) => [
        profile,
        instances.reduce((sum, bot) => sum + (bot.maxConcurrentConversation ?? 0), 0),
      ]),
    ),
  );
