import type * as pulumi from "@pulumi/pulumi";
import { isRecord, propertyPath } from "../common/values.js";
import { ArgumentError } from "../errors/errors.js";
import type { CommonArgs, PageArgs } from "../lists/arguments.js";
import type { Listed } from "../lists/listApi.js";
import type { Lookup } from "../lookup/lookup.js";
import { directForm, type InputsOf, outputForm } from "./forms.js";
import { program, refuseOptions } from "./program.js";
import { Output } from "./sdk.js";

/** The options of a function that streams a list. */
export interface StreamOptions {
  /** Ends the listing when aborted; the iteration then throws the signal's reason. Default: none. */
  signal?: AbortSignal | undefined;
}

/** The public functions of one list. */
export class ListFunctions<
  Item extends Read,
  Args extends CommonArgs,
  Result extends object,
  Read extends Listed = Item,
> {
  readonly #load: () => Lookup<Item, Args, Result, Read>;

  /**
   * @param load loads the lookup module on first use, which keeps importing the package fast. It uses `require`: the first
   * `import()` of a process starts Node's ES module loader, which takes longer than loading the modules.
   */
  constructor(load: () => Lookup<Item, Args, Result, Read>) {
    this.#load = load;
  }

  async all(functionName: string, args: Args, opts: pulumi.InvokeOptions): Promise<Result> {
    refuseOptions(functionName, opts, refusedByDirectForm);
    refuseOutputs(functionName, args);
    return directForm(functionName, args, () => this.#load().all(functionName, args, program));
  }

  allOutput(
    functionName: string,
    args: InputsOf<Args>,
    opts: pulumi.InvokeOutputOptions,
  ): pulumi.Output<Result> {
    refuseOptions(functionName, opts, refusedByOutputForm);
    return outputForm(functionName, args, opts, (known) => this.#load().all(functionName, known, program));
  }

  async one(
    functionName: string,
    args: Omit<Args, keyof PageArgs>,
    opts: pulumi.InvokeOptions,
  ): Promise<Item> {
    refuseOptions(functionName, opts, refusedByDirectForm);
    refuseOutputs(functionName, args);
    return directForm(functionName, args, () => this.#load().one(functionName, args, program));
  }

  oneOutput(
    functionName: string,
    args: InputsOf<Omit<Args, keyof PageArgs>>,
    opts: pulumi.InvokeOutputOptions,
  ): pulumi.Output<Item> {
    refuseOptions(functionName, opts, refusedByOutputForm);
    return outputForm(functionName, args, opts, (known) => this.#load().one(functionName, known, program));
  }

  stream(
    functionName: string,
    args: Omit<Args, keyof PageArgs>,
    { signal }: StreamOptions,
  ): AsyncIterable<Item> {
    const load = this.#load;
    return {
      async *[Symbol.asyncIterator]() {
        refuseOutputs(functionName, args);
        yield* load().stream(functionName, args, { ...program, signal });
      },
    };
  }
}

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

/** Rejects Outputs among plain arguments, which would otherwise be read as ordinary objects. */
function refuseOutputs(functionName: string, args: unknown): void {
  const paths = outputPaths(args, "");
  if (paths.length > 0) {
    const reason = "is an Output; its value isn't known yet, so use the Output form of the function";
    throw new ArgumentError(
      functionName,
      paths.map((property) => ({ property, reason })),
    );
  }
}

/**
 * The depth of the most deeply nested argument, an element of a list or a map. The limit ends the search in an object that
 * contains itself.
 */
const deepest = 2;

function outputPaths(value: unknown, path: string, depth = 0): string[] {
  if (Output.isInstance(value)) {
    return [path];
  }
  if (depth === deepest) {
    return [];
  }
  if (Array.isArray(value)) {
    return value.flatMap((element: unknown, index) => outputPaths(element, `${path}[${index}]`, depth + 1));
  }
  if (isRecord(value)) {
    return Object.entries(value).flatMap(([name, field]) =>
      outputPaths(field, propertyPath(path, name), depth + 1),
    );
  }
  return [];
}
