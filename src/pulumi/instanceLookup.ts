import * as pulumi from "@pulumi/pulumi";
import { storedProvider } from "../dynamic/storedProvider.js";
import { OutboundBotError } from "../errors/errors.js";
import type { Consistency } from "../lists/arguments.js";
import type { Instance, SelectionArgs } from "../lists/instances.js";
import {
  completeInstances,
  type InstancesById,
  idsArgument,
  listed,
  providerText,
  resultInputs,
  resultLists,
  toProperties,
} from "../resource/properties.js";
import type { InputsOf } from "./outputForm.js";
import { refuseOptions } from "./program.js";

/** The arguments of {@link InstanceLookup}: those of {@link getInstance}, each of which may be an Output. */
export interface InstanceLookupArgs extends InputsOf<SelectionArgs> {}

/**
 * A lookup of OutboundBot instances that is kept in the stack's state. It finds what `getInstances` finds; because the
 * state remembers what was found at the last deployment, a preview shows which instances came and went since, before
 * anything that depends on them changes, and `pulumi refresh` sees it too.
 *
 * The lookup is made in every preview and every update. When it fails, so does the preview or the update, and the state
 * stays as it was. New arguments, and other instances, update the resource in place; deleting it touches nothing outside
 * the state. While an argument is unknown, so is the result; a secret argument makes the result secret.
 *
 * `ignoreChanges` with the names of arguments keeps looking for what was looked for before; with `ids`, `names` or
 * `instances`, it keeps the instances that were found before.
 *
 * Settings and credentials are those of `getInstances`; none of them enters the state.
 *
 * @example
 * ```ts
 * import { InstanceLookup } from "pulumi-outboundbot";
 *
 * const bots = new InstanceLookup("production-bots", { tags: { env: "prod" } });
 * export const ids = bots.ids;
 * ```
 *
 * @example
 * Going on with the bots of the last deployment, whatever there is now:
 * ```ts
 * import { InstanceLookup } from "pulumi-outboundbot";
 *
 * const bots = new InstanceLookup("pinned-bots", { tags: { env: "prod" } }, { ignoreChanges: ["ids"] });
 * ```
 */
export class InstanceLookup extends pulumi.CustomResource {
  /** The ids of the instances found, oldest instance first. */
  declare readonly ids: pulumi.Output<string[]>;
  /** The names of the instances found, in the order of `ids`; empty for an instance without a name. */
  declare readonly names: pulumi.Output<string[]>;
  /** The instances found, by `creationTime`, then by id. */
  declare readonly instances: pulumi.Output<Instance[]>;
  /** The instances found, under their ids: where a preview shows the ones that came and went, and nothing else. */
  declare readonly instancesById: pulumi.Output<InstancesById>;
  /**
   * How many instances the service counted for `tags`, `name` and `resourceGroupId` (the API's `TotalCount`), before the
   * arguments `ids` and `nameRegex` were applied; how many it returned, where it gave no count or one that cannot be
   * right.
   */
  declare readonly totalCount: pulumi.Output<number>;
  /** The argument `ids`: the result of that name has its place. */
  declare readonly onlyIds: pulumi.Output<string[] | undefined>;
  /** The argument `tags`. */
  declare readonly tags: pulumi.Output<Record<string, string> | undefined>;
  /** The argument `name`. */
  declare readonly name: pulumi.Output<string | undefined>;
  /** The argument `nameRegex`. */
  declare readonly nameRegex: pulumi.Output<string | undefined>;
  /** The argument `resourceGroupId`. */
  declare readonly resourceGroupId: pulumi.Output<string | undefined>;
  /** The argument `pageSize`. */
  declare readonly pageSize: pulumi.Output<number | undefined>;
  /** The argument `consistency`. */
  declare readonly consistency: pulumi.Output<Consistency | undefined>;
  /** The argument `region`. */
  declare readonly region: pulumi.Output<string | undefined>;
  /** The argument `endpoint`. */
  declare readonly endpoint: pulumi.Output<string | undefined>;
  /** The argument `profile`. */
  declare readonly profile: pulumi.Output<string | undefined>;

  /**
   * Declares a lookup.
   *
   * @param name the resource's name in the program.
   * @param args which instances to find, and where. Default: all instances of the account.
   * @param opts the usual options of a resource; `import`, `id` and `provider` are refused.
   * @throws {@link OutboundBotError} `UnsupportedRuntime` under Bun.
   * @throws {@link ArgumentError} for a refused option. What is wrong with the arguments is reported by the preview.
   */
  constructor(name: string, args: InstanceLookupArgs = {}, opts: pulumi.CustomResourceOptions = {}) {
    refuseOptions("InstanceLookup", opts, refusedOptions);
    if ("bun" in process.versions) {
      throw new OutboundBotError(
        "UnsupportedRuntime",
        "InstanceLookup cannot run under Bun: Pulumi's SDK has no dynamic providers there.",
        {
          advice:
            "Use the resource InstanceLookup of the provider plugin (docs/languages.md), or getInstancesOutput.",
        },
      );
    }
    // The SDK's own class for this, dynamic.Resource, would make the provider's text itself, and load a compiler to do so.
    super(
      "pulumi-nodejs:dynamic/outboundbot:InstanceLookup",
      name,
      {
        ...toProperties({ ...noArguments, ...args }),
        ...resultProperties(args),
        [providerText]: storedProvider,
      },
      { ...opts, ignoreChanges: toIgnoredInputs(opts.ignoreChanges) },
    );
    // A preview knows no outputs but the inputs, so the lists are made of those.
    const found: pulumi.Output<InstancesById | undefined> = this.instancesById;
    // Under the SDK's mocks nothing looks up.
    this.instancesById = found.apply((instances) => completeInstances(instances ?? {}));
    const lists = this.instancesById.apply(listed);
    this.ids = lists.ids;
    this.names = lists.names;
    this.instances = lists.instances;
  }
}

/** The SDK makes an Output of each property that it is given, so those that the program leaves out are named too. */
const noArguments = {
  tags: undefined,
  name: undefined,
  nameRegex: undefined,
  ids: undefined,
  resourceGroupId: undefined,
  pageSize: undefined,
  consistency: undefined,
  region: undefined,
  endpoint: undefined,
  profile: undefined,
} satisfies { [Argument in keyof Required<InstanceLookupArgs>]: undefined };

/**
 * The result's properties, still without a value. They are Outputs that follow from the arguments, so that the engine
 * takes them for secret, or unknown, as soon as one argument is.
 */
function resultProperties(args: InstanceLookupArgs): Record<string, pulumi.Output<undefined>> {
  const follows = pulumi.output<object>(args).apply(() => undefined);
  return Object.fromEntries([...resultInputs, ...resultLists].map((name) => [name, follows]));
}

/** The engine compares inputs, among which the lists are not. */
function toIgnoredInputs(ignored: readonly string[] = []): string[] {
  return ignored.flatMap((path) => {
    const [top = ""] = path.split(/[.[]/, 1);
    if (top === "ids") {
      return [path.replace("ids", idsArgument), "instancesById"];
    }
    return resultLists.some((list) => list === top) ? ["instancesById"] : [path];
  });
}

const refusedOptions = {
  import: "there is no such object at the service that could be imported; declare the lookup without it",
  id: "there is no such object at the service that could be read; declare the lookup without it",
  provider:
    "the lookup is run by its own provider; give the arguments region, endpoint or profile, or the outboundbot: configuration, to say where to look",
} as const satisfies { readonly [Option in keyof pulumi.CustomResourceOptions]: string };
