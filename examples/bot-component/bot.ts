import * as pulumi from "@pulumi/pulumi";
import { getInstanceOutput, InstanceLookup } from "pulumi-outboundbot";

export interface BotArgs {
  /** Tags that match exactly one bot. */
  tags: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** The one bot that matches a set of tags. Fails if none or several match. */
export class Bot extends pulumi.ComponentResource {
  readonly botId: pulumi.Output<string>;
  /** Empty if the bot has no name. */
  readonly botName: pulumi.Output<string>;

  constructor(name: string, { tags }: BotArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("example:index:Bot", name, { tags }, opts);
    // A function doesn't inherit the options of this component, so dependsOn is passed explicitly.
    const { dependsOn = [] } = opts;
    const found = getInstanceOutput({ tags }, { dependsOn });
    this.botId = found.id;
    this.botName = found.instanceName;
    // Stores the bot in the state, so that a preview shows when a different bot matches.
    new InstanceLookup(name, { tags, ids: [this.botId] }, { parent: this });
    this.registerOutputs({ botId: this.botId, botName: this.botName });
  }
}
