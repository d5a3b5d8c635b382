import type * as pulumi from "@pulumi/pulumi";
import { storedProvider } from "../dynamic/storedProvider.js";
import { ArgumentError, OutboundBotError } from "../errors/errors.js";
import type { Consistency } from "../lists/arguments.js";
import { type Instance, instances, type SelectionArgs } from "../lists/instances.js";
import { providerText, resultNames, toProperties } from "../resource/properties.js";
import { pathsOf } from "./argumentPaths.js";
import type { InputsOf } from "./forms.js";
import { refuseOptions } from "./program.js";
import { CustomResource, output } from "./sdk.js";
import { lookupType, secretResult } from "./secretResult.js";

/** The arguments of {@link InstanceLookup}: the arguments of {@link getInstance}, as plain values, Outputs or Promises. */
export interface InstanceLookupArgs extends InputsOf<SelectionArgs> {}

/**
 * A lookup of OutboundBot instances that is kept in the stack's state.
 *
 * It finds the same instances as `getInstances`. Because the state holds the result of the last deployment, a preview shows
 * which instances were added or removed since then, before anything that depends on them changes. `pulumi refresh` shows the
 * same.
 *
 * The lookup runs in every preview and every update. If it fails, the preview or update fails and the state doesn't change. If
 * the arguments or the result change, the resource is updated in place. Deleting it changes only the state. While an argument is
 * unknown, the result is unknown; a secret argument makes the result secret.
 *
 * With the names of arguments, `ignoreChanges` keeps using the arguments of the last deployment. With `ids`, `names` or
 * `instances`, it keeps the instances of the last deployment.
 *
 * The lookup uses the same settings and credentials as `getInstances`. The state contains none of them.
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
 * Keep using the bots of the last deployment, even if other instances match now:
 * ```ts
 * import { InstanceLookup } from "pulumi-outboundbot";
 *
 * const bots = new InstanceLookup("pinned-bots", { tags: { env: "prod" } }, { ignoreChanges: ["ids"] });
 * ```
 */
export class InstanceLookup extends CustomResource {
  /** The IDs of the matching instances, oldest instance first. */
  declare readonly ids: pulumi.Output<string[]>;
  /** The names of the matching instances, in the order of `ids`; empty for an instance without a name. */
  declare readonly names: pulumi.Output<string[]>;
  /** The matching instances, sorted by `creationTime`, then by ID. */
  declare readonly instances: pulumi.Output<Instance[]>;
  /**
   * The number of instances that the service counted for `tags`, `name` and `resourceGroupId` (the API's `TotalCount`), before
   * `ids` and `nameRegex` were applied. If the service returned no count, or a count that can't be right, this is the number of
   * instances returned.
   */
  declare readonly totalCount: pulumi.Output<number>;
  /** The argument `ids`, under another name because `ids` is the result. */
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
   * @param args the arguments that select the instances, the account and the region. Default: all instances of the account.
   * @param opts the resource options; `import`, `id` and `provider` are rejected.
   * @throws {@link OutboundBotError} `UnsupportedRuntime` under Bun.
   * @throws {@link ArgumentError} for a rejected option. Invalid arguments are reported by the preview.
   */
  constructor(name: string, args: InstanceLookupArgs = {}, opts: pulumi.CustomResourceOptions = {}) {
    refuseOptions("InstanceLookup", opts, refusedOptions);
    if ("bun" in process.versions) {
      throw new OutboundBotError(
        "UnsupportedRuntime",
        "InstanceLookup is not supported under Bun: Pulumi's SDK has no dynamic providers there.",
        {
          advice:
            "Use the resource InstanceLookup of the provider plugin (docs/languages.md), or getInstancesOutput.",
        },
      );
    }
    const {
      argumentNames,
    }: typeof import("../lookup/checkArguments.js") = require("../lookup/checkArguments.js");
    // The SDK creates an Output only for the properties that it receives.
    const absent = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, undefined]));
    const inputs = {
      ...absent(argumentNames(instances, "InstanceLookup")),
      ...withoutUndefinedEntries({ ...args }),
    };
    const { ready, transforms } = secretResult();
    // The SDK's dynamic.Resource would serialize the provider itself, and load a compiler for that.
    super(
      lookupType,
      name,
      {
        ...absent(resultNames),
        ...toProperties(inputs),
        [providerText]: ready.then(() => storedProvider),
      },
      { ...opts, transforms: [...(opts.transforms ?? []), ...transforms] },
    );
  }
}

type Argument = pulumi.Input<string | number | object | undefined>;

/** Rejects `undefined` in maps and lists: the SDK would drop it, and the lookup would find more than the program asks for. */
function withoutUndefinedEntries(args: Readonly<Record<string, Argument>>): Record<string, Argument> {
  return Object.fromEntries(
    Object.entries(args).map(([name, input]) => {
      refuseUndefined(name, input);
      return [name, output(input).apply((value) => refuseUndefined(name, value))];
    }),
  );
}

function refuseUndefined<Value>(name: string, value: Value): Value {
  const reason = "must be a string, got undefined";
  const paths = value === undefined ? [] : pathsOf({ [name]: value }, (entry) => entry === undefined);
  if (paths.length > 0) {
    throw new ArgumentError(
      "InstanceLookup",
      paths.map((property) => ({ property, reason })),
    );
  }
  return value;
}

const refusedOptions = {
  import: "is not supported, because the service has no such object; declare the lookup without it",
  id: "is not supported, because the service has no such object; declare the lookup without it",
  provider:
    "is not supported, because the lookup has a provider of its own; use the arguments region, endpoint and profile, or outboundbot: configuration",
} as const satisfies { readonly [Option in keyof pulumi.CustomResourceOptions]: string };
