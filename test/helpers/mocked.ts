import assert from "node:assert/strict";
import { join } from "node:path";
import { type Ended, environment, run } from "./child.js";

/** What a program made under Pulumi's mocks. */
export interface MockedRun {
  /** The inputs of each resource, under its type and its name. */
  readonly resources: Record<string, object>;
  readonly outputs: unknown;
}

/** What providers would say. */
export interface ProviderAnswers {
  /** The results of functions, under their tokens. */
  readonly functions?: Readonly<Record<string, object>>;
  /** The outputs of resources that are no inputs, under their types. */
  readonly computed?: Readonly<Record<string, object>>;
}

export interface MockedOptions extends ProviderAnswers {
  readonly environment: Readonly<Record<string, string>>;
  /** The stack's configuration. */
  readonly config?: Readonly<Record<string, string>>;
}

/** Runs a program of examples/ under Pulumi's mocks, whatever comes of it. */
export function runMocked(
  example: string,
  { config = {}, environment: changes, ...answers }: MockedOptions,
): Promise<Ended> {
  const program = join(__dirname, "mockedProgram.ts");
  return run(process.execPath, ["--import", "tsx", program, example, JSON.stringify(answers)], {
    env: environment({ ...changes, PULUMI_CONFIG: JSON.stringify(config) }),
  });
}

/** Runs a program of examples/ under Pulumi's mocks, which must succeed. */
export async function mocked(example: string, options: MockedOptions): Promise<MockedRun> {
  const { status, stdout, stderr } = await runMocked(example, options);
  assert.equal(status, 0, stderr);
  // A slow lookup says on the lines before how far it is.
  return JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "");
}
