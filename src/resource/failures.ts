import { redact } from "../common/redact.js";
import { messageOf } from "../common/values.js";
import { ArgumentError } from "../errors/errors.js";

/** The maximum length of a reason, in characters. */
const longestReason = 12_000;

/**
 * Returns why a check failed: one reason for each invalid argument, or one for the whole lookup. A reason starts with the
 * property's path. If a failure named its property, the engine would print the property's value, even a secret one.
 *
 * @param inputName returns the input that holds an argument, where their names differ.
 */
export function checkFailures(thrown: unknown, inputName = (property: string): string => property): string[] {
  return ArgumentError.isInstance(thrown)
    ? thrown.problems.map(({ property, reason }) => `${inputName(property)} ${reason}`.trimStart())
    : [redact(messageOf(thrown), longestReason)];
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
