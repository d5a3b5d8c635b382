import * as pulumi from "@pulumi/pulumi";
import { getInstances } from "pulumi-outboundbot";
import { Dialer } from "./dialer";

/** One dialer for all bots of production, with a line for every call that they can hold at once. */
export async function stack() {
  const { ids, instances } = await getInstances({ tags: { env: "prod" } });
  if (ids.length === 0) {
    throw new pulumi.RunError("No bot carries the tag env=prod: the dialer would have nothing to call with.");
  }
  const lines = instances.reduce((sum, bot) => sum + (bot.maxConcurrentConversation ?? 0), 0);
  const dialer = new Dialer("production", { botIds: ids, lines });
  return { botIds: dialer.botIds, lines: dialer.lines };
}
