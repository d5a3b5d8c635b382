import * as pulumi from "@pulumi/pulumi";
import { getInstanceOutput, InstanceLookup } from "pulumi-outboundbot";

export interface BotArgs {
  /** The tags that one bot carries, and no other. */
  tags: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** The one bot that carries some tags. No such bot, or several, is an error. */
export class Bot extends pulumi.ComponentResource {
  readonly botId: pulumi.Output<string>;
  /** Empty for a bot without a name. */
  readonly botName: pulumi.Output<string>;

  constructor(name: string, { tags }: BotArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("example:index:Bot", name, { tags }, opts);
    // A function is no resource, and has nothing from this component: what must exist first is handed on to it.
    const { dependsOn = [] } = opts;
    const found = getInstanceOutput({ tags }, { dependsOn });
    this.botId = found.id;
    this.botName = found.instanceName;
    // Keeps the bot in the state, so that a preview shows when another one has taken its place.
    new InstanceLookup(name, { tags, ids: [this.botId] }, { parent: this });
    this.registerOutputs({ botId: this.botId, botName: this.botName });
  }
}
