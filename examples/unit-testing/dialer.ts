import * as pulumi from "@pulumi/pulumi";

export interface DialerArgs {
  botIds: pulumi.Input<string[]>;
  lines: pulumi.Input<number>;
}

// Stands in for a real provider: the resource exists only in the state.
const provider: pulumi.dynamic.ResourceProvider = {
  async create(inputs) {
    return { id: "dialer", outs: inputs };
  },
  async update(_id, _olds, news) {
    return { outs: news };
  },
};

/** A dialer that places the calls of its bots. */
export class Dialer extends pulumi.dynamic.Resource {
  declare readonly botIds: pulumi.Output<string[]>;
  declare readonly lines: pulumi.Output<number>;

  constructor(name: string, args: DialerArgs, opts?: pulumi.CustomResourceOptions) {
    super(provider, name, { ...args }, opts, "example", "Dialer");
  }
}
