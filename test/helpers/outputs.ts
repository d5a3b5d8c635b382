import assert from "node:assert/strict";
import type * as pulumi from "@pulumi/pulumi";
import { resetOptions } from "@pulumi/pulumi/runtime/settings.js";

/** The final state of an Output. */
export interface Settled {
  readonly known: boolean;
  readonly secret: boolean;
  /** The value; `undefined` while it is unknown. */
  readonly value: unknown;
}

/** The fields of an Output that the SDK leaves out of its types. */
interface Inside {
  readonly isKnown: Promise<boolean>;
  readonly isSecret: Promise<boolean>;
  promise(withUnknowns?: boolean): Promise<unknown>;
}

function hasInside(output: object): output is Inside {
  return "isKnown" in output && "isSecret" in output && "promise" in output;
}

/** Waits for an Output, and rejects if it does. */
export async function settle(output: pulumi.Output<unknown>): Promise<Settled> {
  assert.ok(hasInside(output));
  const value = await output.promise();
  const known = await output.isKnown;
  return { known, secret: await output.isSecret, value: known ? value : undefined };
}

/** Ends a preceding test's mocks: the process has no engine then, as a script has none. */
export function withoutMonitor(): void {
  resetOptions("", "", -1, "", "", false, "");
}
