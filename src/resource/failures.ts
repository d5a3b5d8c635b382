import { redact } from "../common/redact.js";
import { messageOf } from "../common/values.js";
import { ArgumentError } from "../errors/errors.js";

/** The maximum length of a reason, in characters. */
const longestReason = 12_000;

/** A failed check, as the engine receives it. */
export interface CheckFailure {
  readonly property: string;
  readonly reason: string;
}

/**
 * Returns the failures of a check for the engine: one for each invalid argument, or one for the whole lookup.
 *
 * The reason starts with the property's path, and `property` stays empty: with a property, the engine would print its value, even
 * a secret one, and for a nested path `value {<nil>}`.
 *
 * @param inputName returns the input that holds an argument, where their names differ.
 */
export function checkFailures(
  thrown: unknown,
  inputName = (property: string): string => property,
): CheckFailure[] {
  if (ArgumentError.isInstance(thrown)) {
    return thrown.problems.map(({ property: path, reason }) => ({
      property: "",
      reason: path === "" ? reason : `${inputName(path)} ${reason}`,
    }));
  }
  return [{ property: "", reason: redact(messageOf(thrown), longestReason) }];
}

/**
 * Returns the error of a failed refresh. The engine prints its message with the resource. The SDK's provider process also prints
 * `${error}: ${error.stack}`, which would repeat the message and add a stack.
 */
export function refreshFailure(message: string): Error {
  const error = new Error(redact(message, longestReason));
  error.stack = "the refresh failed; the state keeps the previous result";
  error.toString = () => "InstanceLookup";
  return error;
}
