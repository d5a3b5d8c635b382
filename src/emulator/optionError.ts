/**
 * Something is wrong with what the emulator was told to do: an option, a fault, the data.
 * The message is one sentence that names the option and says what it takes.
 */
export class EmulatorOptionError extends Error {
  override readonly name = "EmulatorOptionError";
}

/** Checks a whole number against its bounds; `name` is how the user knows the option. */
export function wholeNumber(name: string, value: unknown, least: number, most: number): number {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= least && value <= most)
    return value;
  throw new EmulatorOptionError(
    `${name} must be a whole number from ${least} to ${most}; it was ${show(value)}.`,
  );
}

/** A value as an error message quotes it: short, and never a whole file. */
export function show(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "an object";
  return String(value);
}
