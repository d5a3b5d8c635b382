import { AsyncLocalStorage } from "node:async_hooks";
import { setTimeout } from "node:timers/promises";
import type * as pulumi from "@pulumi/pulumi";
import { whenCreated } from "./dependsOn.js";
import { holdOpen, isMocked } from "./program.js";
import { invoke, invokeOutput, isSecret, output } from "./sdk.js";

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

/** Set while the mocks answer a function, so that they can run the function itself. */
const answering = new AsyncLocalStorage<boolean>();

/** Returns whether Pulumi's mocks answer a function, as they answer the functions of providers. */
function areMocksAsked(): boolean {
  return isMocked() && answering.getStore() !== true;
}

function token(functionName: string): string {
  return `outboundbot:index:${functionName}`;
}

/** Runs a function in its direct form. */
export function directForm<Result>(
  functionName: string,
  args: object,
  run: () => Promise<Result>,
): Promise<Result> {
  return areMocksAsked()
    ? answering.run(true, () => invoke(token(functionName), { ...args }))
    : holdOpen(run);
}

/**
 * Runs a function in its Output form: once the arguments are known and the resources in `dependsOn` exist. Until then, as in the
 * preview of a new resource, the function doesn't run and the result is unknown. A secret argument makes the result secret.
 */
export function outputForm<Result>(
  functionName: string,
  args: object,
  opts: pulumi.InvokeOutputOptions | null,
  run: (args: unknown) => Promise<Result>,
): pulumi.Output<Result> {
  if (areMocksAsked()) {
    return answering.run(true, () => invokeOutput(token(functionName), { ...args }, opts ?? {}));
  }
  const dependsOn = opts?.dependsOn;
  const ready = dependsOn === undefined ? output(true) : whenCreated(dependsOn);
  const result = ready.apply(() => output(args)).apply((known) => run(known).catch(afterListeners));
  // Whether an Output is secret is known once the Output is, even if its value is unknown. The result itself reports a failure.
  holdOpen(() => isSecret(result)).catch(() => {});
  return result;
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
