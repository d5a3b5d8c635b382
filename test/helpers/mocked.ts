import assert from "node:assert/strict";
import { join } from "node:path";
import { type Ended, environment, run } from "./child.js";

/** The resources and outputs of a program under Pulumi's mocks. */
export interface MockedRun {
  /** The inputs of each resource, by type and name. */
  readonly resources: Record<string, object>;
  readonly outputs: unknown;
}

/** The mocked responses of providers. */
export interface ProviderAnswers {
  /** The results of functions, by token. */
  readonly functions?: Readonly<Record<string, object>>;
  /** The outputs of resources that aren't inputs, by type. */
  readonly computed?: Readonly<Record<string, object>>;
}

export interface MockedOptions extends ProviderAnswers {
  readonly environment: Readonly<Record<string, string>>;
  /** The stack's configuration. */
  readonly config?: Readonly<Record<string, string>>;
}

/** Runs a program of examples/ under Pulumi's mocks, and returns its outcome. */
export function runMocked(
  example: string,
  { config = {}, environment: changes, ...answers }: MockedOptions,
): Promise<Ended> {
  const program = join(__dirname, "mockedProgram.ts");
  return run(process.execPath, ["--import", "tsx", program, example, JSON.stringify(answers)], {
    env: environment({ ...changes, PULUMI_CONFIG: JSON.stringify(config) }),
  });
}

/** Runs a program of examples/ under Pulumi's mocks, and fails if it does. */
export async function mocked(example: string, options: MockedOptions): Promise<MockedRun> {
  const { status, stdout, stderr } = await runMocked(example, options);
  assert.equal(status, 0, stderr);
  // A slow lookup prints its progress on the lines before.
  return JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "");
}
