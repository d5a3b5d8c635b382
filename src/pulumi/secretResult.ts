import type * as pulumi from "@pulumi/pulumi";
import { secretSignature, signatureKey } from "../common/reserved.js";
import { isRecord } from "../common/values.js";
import { resultNames } from "../resource/properties.js";
import { engineMonitor } from "./program.js";
import {
  awaitStackRegistrations,
  getStackResource,
  isSecret,
  output,
  registerResourceTransform,
  secret,
} from "./sdk.js";

/*
 * The result of an InstanceLookup is secret if an argument is, or if `additionalSecretOutputs` names a part of the result.
 *
 * The SDK's provider process receives no secrets. But the engine keeps a property secret that was secret before `check`, so a transform
 * adds the parts of the result as secrets without a value. It sees what other transforms of the program have added.
 */

/** The type of an `InstanceLookup`. */
export const lookupType = "pulumi-nodejs:dynamic/outboundbot:InstanceLookup";

/** The programs of this process whose stack has the transform, each with its registration. */
const ofStacks = new WeakMap<pulumi.Resource, Promise<void>>();

/** Returns the transforms that a lookup needs, and what the engine must have received before it. */
export function secretResult(): { transforms: pulumi.ResourceTransform[]; ready: Promise<void> } {
  const stack = getStackResource();
  if (engineMonitor() === undefined) {
    return { transforms: [], ready: Promise.resolve() };
  }
  if (stack === undefined) {
    // A component provider has no stack, and a transform of the stack would be called for all resources of the deployment.
    return { transforms: [addSecrets], ready: Promise.resolve() };
  }
  const ready = ofStacks.get(stack) ?? registerLast();
  ofStacks.set(stack, ready);
  return { transforms: [], ready };
}

/** Registers the transform after those of the program, because the engine calls them in this order. */
async function registerLast(): Promise<void> {
  await awaitStackRegistrations();
  registerResourceTransform(addSecrets);
}

async function addSecrets({
  type,
  props,
  opts,
}: pulumi.ResourceTransformArgs): Promise<pulumi.ResourceTransformResult | undefined> {
  const { additionalSecretOutputs = [] }: pulumi.CustomResourceOptions = opts;
  if (
    type !== lookupType ||
    !(resultNames.some((name) => additionalSecretOutputs.includes(name)) || (await holdSecret(props)))
  ) {
    return undefined;
  }
  const secrets = Object.fromEntries(resultNames.map((name) => [name, secret(props[name])]));
  const result = { props: { ...props, ...secrets }, opts };
  // Without `opts`, the engine keeps all options. The SDK's transforms support only some of them.
  Reflect.deleteProperty(result, "opts");
  return result;
}

async function holdSecret(props: pulumi.Inputs): Promise<boolean> {
  const secrets = await Promise.all(
    Object.values(props).map(
      async (value: unknown) =>
        (isRecord(value) && value[signatureKey] === secretSignature) || isSecret(output(value)),
    ),
  );
  return secrets.includes(true);
}
