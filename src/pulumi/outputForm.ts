import { setTimeout } from "node:timers/promises";
import type * as pulumi from "@pulumi/pulumi";
import { whenCreated } from "./dependsOn.js";
import { output } from "./sdk.js";

/**
 * Arguments as Outputs or Promises. A list or map can also contain Outputs or Promises.
 *
 * @typeParam Args the plain arguments.
 */
export type InputsOf<Args> = { [Name in keyof Args]: pulumi.Input<PartlyInput<Args[Name]>> };

/**
 * An argument as a list or map that can contain Outputs or Promises.
 *
 * @typeParam Value the plain argument.
 */
export type PartlyInput<Value> = Value extends (infer Element)[]
  ? pulumi.Input<Element>[]
  : Value extends Record<string, infer Field>
    ? Record<string, pulumi.Input<Field>>
    : Value;

/**
 * Runs a function in its Output form: once the arguments are known and the resources in `dependsOn` exist. Until then, as in the
 * preview of a new resource, the function doesn't run and the result is unknown. A secret argument makes the result secret.
 */
export function outputForm<Result>(
  run: (args: unknown) => Promise<Result>,
  args: object,
  opts: pulumi.InvokeOutputOptions | null,
): pulumi.Output<Result> {
  const dependsOn = opts?.dependsOn;
  const ready = dependsOn === undefined ? output(true) : whenCreated(dependsOn);
  return ready.apply(() => output(args)).apply((known) => run(known).catch(afterListeners));
}

/** The time, in milliseconds, after which a program under an engine listens to its Outputs. */
const untilListening = 100;

/**
 * Delays a failure until the SDK listens to the Output, which it does after its first exchange with the engine. Otherwise Node
 * prints a warning next to the error for each early failure, such as an invalid argument.
 */
async function afterListeners(failure: unknown): Promise<never> {
  await setTimeout(untilListening);
  throw failure;
}
