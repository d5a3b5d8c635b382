import * as pulumi from "@pulumi/pulumi";
import { getInstances } from "pulumi-outboundbot";
import { Dialer } from "./dialer";

/** Creates one dialer for all production bots, with one line for each concurrent call that they can handle. */
export async function stack() {
  const { ids, instances } = await getInstances({ tags: { env: "prod" } });
  if (ids.length === 0) {
    throw new pulumi.RunError("No bot has the tag env=prod. Add the tag to at least one bot.");
  }
  const lines = instances.reduce((sum, bot) => sum + (bot.maxConcurrentConversation ?? 0), 0);
  const dialer = new Dialer("production", { botIds: ids, lines });
  return { botIds: dialer.botIds, lines: dialer.lines };
}
