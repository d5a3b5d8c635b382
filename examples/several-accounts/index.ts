import * as pulumi from "@pulumi/pulumi";
import { getInstancesOutput } from "pulumi-outboundbot";

// One profile of the Alibaba Cloud CLI for each account.
const profiles = new pulumi.Config().getObject<string[]>("profiles") ?? ["care", "sales"];

// Lists all accounts concurrently, each with its own credentials.
const found = profiles.map((profile) => getInstancesOutput({ profile, tags: { env: "prod" } }));

/** The bots of all accounts, ordered by account, then by creation time. */
export const bots = pulumi
  .all(found)
  .apply((results) =>
    results.flatMap(({ profile, instances }) =>
      instances.map(({ id, instanceName }) => ({ account: profile, id, name: instanceName })),
    ),
  );

/** The number of concurrent calls that the bots of each account can handle. */
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
