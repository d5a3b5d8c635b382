import * as pulumi from "@pulumi/pulumi";
import type { Instance } from "pulumi-outboundbot";

/** The settings file of a dialer, which lists the bots that it may use. */
export interface DialerSettingsArgs {
  /** The path of the file. */
  file: pulumi.Input<string>;
  /** The bots, in the order in which the dialer uses them. */
  bots: pulumi.Input<Pick<Instance, "id" | "instanceName" | "maxConcurrentConversation">[]>;
}

interface DialerSettingsInputs {
  file: string;
  bots: Pick<Instance, "id" | "instanceName" | "maxConcurrentConversation">[];
}

async function write({ file, bots }: DialerSettingsInputs): Promise<void> {
  const { mkdir, writeFile } = await import("node:fs/promises");
  const { dirname } = await import("node:path");
  const lines = bots.map(({ id, instanceName, maxConcurrentConversation }) => ({
    InstanceId: id,
    Name: instanceName,
    MaxCalls: maxConcurrentConversation,
  }));
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify({ Bots: lines }, undefined, 2)}\n`);
}

async function remove({ file }: DialerSettingsInputs): Promise<void> {
  const { rm } = await import("node:fs/promises");
  await rm(file, { force: true });
}

const provider: pulumi.dynamic.ResourceProvider<DialerSettingsInputs, DialerSettingsInputs> = {
  async create(inputs) {
    await write(inputs);
    return { id: inputs.file, outs: inputs };
  },
  async diff(_id, olds, news) {
    return {
      changes: JSON.stringify(olds.bots) !== JSON.stringify(news.bots),
      replaces: olds.file === news.file ? [] : ["file"],
    };
  },
  async update(_id, _olds, news) {
    await write(news);
    return { outs: news };
  },
  async delete(_id, props) {
    await remove(props);
  },
};

/** Writes the given bots to the settings file of a dialer. */
export class DialerSettings extends pulumi.dynamic.Resource {
  declare readonly file: pulumi.Output<string>;

  constructor(name: string, args: DialerSettingsArgs, opts?: pulumi.CustomResourceOptions) {
    super(provider, name, { ...args }, opts, "example", "DialerSettings");
  }
}
