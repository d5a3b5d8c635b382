import { setTimeout } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import { whenCreated } from "./dependsOn.js";

/**
 * Arguments of which each, and each part, may be an Output or a Promise.
 *
 * @typeParam Args the plain arguments.
 */
export type InputsOf<Args> = { [Name in keyof Args]: pulumi.Input<PartlyInput<Args[Name]>> };

/**
 * An argument of which each element, or each field, may be an Output or a Promise.
 *
 * @typeParam Value the plain argument.
 */
export type PartlyInput<Value> = Value extends (infer Element)[]
  ? pulumi.Input<Element>[]
  : Value extends Record<string, infer Field>
    ? Record<string, pulumi.Input<Field>>
    : Value;

/**
 * The Output form of a function. It runs when the arguments are known and the resources of `dependsOn` exist; while they
 * are not, as in the preview of a new resource, it does not run and its result is unknown. A secret argument makes the
 * result secret.
 */
export function outputForm<Result>(
  run: (args: unknown) => Promise<Result>,
  args: object,
  opts: pulumi.InvokeOutputOptions | null,
): pulumi.Output<Result> {
  const dependsOn = opts?.dependsOn;
  const ready = dependsOn === undefined ? pulumi.output(true) : whenCreated(dependsOn);
  return ready.apply(() => pulumi.output(args)).apply((known) => run(known).catch(afterListeners));
}

/** The time in which a program under an engine comes to listen to its Outputs, in milliseconds. */
const untilListening = 100;

/**
 * Fails a moment later. The SDK listens to an Output only once it has spoken with the engine, and Node prints a warning beside the
 * error for each failure that comes before, such as a bad argument's.
 */
async function afterListeners(failure: unknown): Promise<never> {
  await setTimeout(untilListening);
  throw failure;
}
