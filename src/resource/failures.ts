import { shown } from "../common/shown.js";
import { messageOf } from "../common/values.js";
import { ArgumentError } from "../errors/errors.js";

/** In characters. */
const longestReason = 12_000;

/** What the engine is told of a failed check. */
export interface CheckFailure {
  readonly property: string;
  readonly reason: string;
}

/**
 * What the engine is told when a check failed: one failure for each bad argument, or one for the whole lookup.
 *
 * The property's path leads the reason, and the failure's own `property` stays empty: for a property that it is told of,
 * the engine prints the value, also of a secret, and for a path below it prints `value {<nil>}`.
 *
 * @param inputName the input that holds an argument, where they have different names.
 */
export function checkFailures(
  thrown: unknown,
  inputName = (property: string): string => property,
): CheckFailure[] {
  if (ArgumentError.isInstance(thrown)) {
    return thrown.problems.map(({ property: path, reason }) => ({
      property: "",
      reason: path === "" ? reason : `${inputName(path)}: ${reason}`,
    }));
  }
  return [{ property: "", reason: shown(messageOf(thrown), longestReason) }];
}

/**
 * The error of a refresh that failed. The engine prints its message with the resource; the SDK's provider process prints
 * `${error}: ${error.stack}` among the stack's messages, which would be the message once more and a stack.
 */
export function refreshFailure(message: string): Error {
  const error = new Error(shown(message, longestReason));
  error.stack = "the refresh failed, and the state keeps what was found last";
  error.toString = () => "InstanceLookup";
  return error;
}
