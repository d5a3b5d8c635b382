/**
 * The error for an invalid option, fault or data of the emulator. The message is one sentence that names the option and what it
 * accepts.
 *
 * @example
 * ```ts
 * import { EmulatorOptionError, startEmulator } from "pulumi-outboundbot/emulator";
 *
 * try {
 *   await startEmulator({ count: -1 });
 * } catch (error) {
 *   if (error instanceof EmulatorOptionError) {
 *     console.error(error.message); // count must be a whole number from 0 to 100000, got -1.
 *   }
 * }
 * ```
 */
export class EmulatorOptionError extends Error {
  /** The name of the error, which also identifies errors of another copy of the class. */
  override readonly name = "EmulatorOptionError";
}

/** Checks an integer against its bounds; `name` is the option's name in error messages. */
export function wholeNumber(name: string, value: unknown, least: number, most: number): number {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= least && value <= most) {
    return value;
  }
  throw new EmulatorOptionError(
    `${name} must be a whole number from ${least} to ${most}, got ${show(value)}.`,
  );
}

/** Returns a value as an error message quotes it: short, and never a whole file. */
export function show(value: unknown): string {
  if (typeof value === "string") {
    return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  }
  if (Array.isArray(value)) {
    return "a list";
  }
  if (typeof value === "object" && value !== null) {
    return "an object";
  }
  return String(value);
}
