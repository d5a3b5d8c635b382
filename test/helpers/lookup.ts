import assert from "node:assert/strict";
import { CallFailure } from "../../src/api/failure.js";
import type { Emulator, EmulatorOptions } from "../../src/emulator/index.js";
import { use } from "./client.js";
import { start } from "./running.js";

/** Starts an emulator and configures this process to use it. */
export async function startHere(options: EmulatorOptions = {}): Promise<Emulator> {
  return use(await start(options));
}

/** Returns the error that a lookup, or one attempt of a call, fails with. */
export async function failureOf(work: PromiseLike<unknown>): Promise<Error> {
  try {
    await work;
  } catch (error) {
    assert.ok(error instanceof Error);
    return CallFailure.from(error)?.toError() ?? error;
  }
  assert.fail("it did not fail");
}
