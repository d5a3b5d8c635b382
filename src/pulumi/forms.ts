import { AsyncLocalStorage } from "node:async_hooks";
import { setTimeout } from "node:timers/promises";
import type * as pulumi from "@pulumi/pulumi";
import { ArgumentError } from "../errors/errors.js";
import type { LookupContext } from "../lookup/lookup.js";
import { pathsOf } from "./argumentPaths.js";
import { whenCreated } from "./dependsOn.js";
import { currentMocks, holdOpen, program, refuseOptions } from "./program.js";
import { isSecret, Output, output } from "./sdk.js";

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

/** The options that an Output form rejects, and what to use instead. */
const refusedByOutputForm = {
  provider:
    "is not supported, because the function runs in the program, without a provider; use the arguments region, endpoint and profile, or outboundbot: configuration",
} as const satisfies { readonly [Option in keyof pulumi.InvokeOutputOptions]: string };

/** The options that a direct form rejects. */
const refusedByDirectForm = {
  ...refusedByOutputForm,
  dependsOn: "is supported only by the Output form of the function; use that form",
} as const satisfies { readonly [Option in keyof pulumi.InvokeOutputOptions]: string };

/** Set while Pulumi's mocks answer a function, so that they can run the function itself. */
const answering = new AsyncLocalStorage<boolean>();

/** Runs a function, given its name, the arguments and the program. */
type Run<Returned> = (functionName: string, args: unknown, context: LookupContext) => Returned;

/** The two forms of a function. */
export class Forms<Result> {
  readonly #name: string;
  readonly #run: Run<Promise<Result>>;

  constructor(name: string, run: Run<Promise<Result>>) {
    this.#name = name;
    this.#run = run;
  }

  async direct(args: object, opts: pulumi.InvokeOptions): Promise<Result> {
    refuseOptions(this.#name, opts, refusedByDirectForm);
    refuseOutputs(this.#name, args);
    return holdOpen(() => this.#find(args));
  }

  /**
   * Runs the function once the arguments are known and the resources in `dependsOn` exist. Until then, as in the preview of a new
   * resource, the function doesn't run and the result is unknown. A secret argument makes the result secret.
   */
  output(args: object, opts: pulumi.InvokeOutputOptions): pulumi.Output<Result> {
    refuseOptions(this.#name, opts, refusedByOutputForm);
    const dependsOn = opts?.dependsOn;
    const ready = dependsOn === undefined ? output(true) : whenCreated(dependsOn);
    const result = ready
      .apply(() => output<object>(args))
      .apply((known) => this.#find(known).catch(afterListeners));
    // Whether an Output is secret is known once the Output is, even if its value is unknown. The result itself reports a failure.
    holdOpen(() => isSecret(result)).catch(() => {});
    return result;
  }

  /** Runs the function. Under Pulumi's mocks, `call` answers it instead, as it answers the functions of providers. */
  async #find(args: object): Promise<Result> {
    const mocks = currentMocks();
    if (mocks === undefined || answering.getStore() === true) {
      return this.#run(this.#name, args, program);
    }
    const call = { token: `outboundbot:index:${this.#name}`, inputs: { ...args }, provider: "" };
    return answering.run(true, () => mocks.call<Result>(call));
  }
}

/** The options of a function that streams a list. */
export interface StreamOptions {
  /** Ends the listing when aborted; the iteration then throws the signal's reason. Default: none. */
  signal?: AbortSignal | undefined;
}

/** Returns the items of a list. Each iteration is a listing of its own. */
export function stream<Item>(
  functionName: string,
  args: object,
  { signal }: StreamOptions,
  run: Run<AsyncIterable<{ readonly items: readonly Item[] }>>,
): AsyncIterable<Item> {
  return {
    async *[Symbol.asyncIterator]() {
      refuseOutputs(functionName, args);
      for await (const { items } of run(functionName, args, { ...program, signal })) {
        yield* items;
      }
    },
  };
}

/** Rejects Outputs among plain arguments, which would otherwise be read as ordinary objects. */
function refuseOutputs(functionName: string, args: object): void {
  const reason = "is an Output; its value isn't known yet, so use the Output form of the function";
  const problems = pathsOf(args, Output.isInstance).map((property) => ({ property, reason }));
  if (problems.length > 0) {
    throw new ArgumentError(functionName, problems);
  }
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
