import { setImmediate as nextTurn } from "node:timers/promises";
import type { Answer } from "./answer.js";
import { type Call, readSuccess, unreadable } from "./failure.js";
import { type Reader, UnreadableField } from "./reader.js";

/** Sends one signed call and waits for the whole answer. */
export type SendCall = (
  action: string,
  version: string,
  query: object,
  signal: AbortSignal,
) => Promise<Answer>;

const version = "2019-12-26";
/** In bytes: what is longer is no failure that came with status 200. */
const longestFailure = 4_000;

/**
 * One call of the service.
 *
 * @param request the action's parameters, by their names there.
 * @param read takes the result from the answer's fields; `size` is the answer's, in bytes.
 * @param onAccepted is called as soon as it is clear that the service answers with a result.
 * @throws ServiceError, or what `send` throws.
 */
export async function callService<Result>(
  send: SendCall,
  call: Call,
  request: object,
  read: (fields: Reader, size: number) => Result,
  signal: AbortSignal,
  onAccepted: () => void,
): Promise<Result> {
  const answer = await send(call.action, version, request, signal);
  if (answer.statusCode === 200 && answer.bytes.length > longestFailure) {
    // Reading a page takes as long as sending several calls, so those that wait go first.
    onAccepted();
    await nextTurn();
  }
  try {
    const fields = readSuccess(answer, call);
    if (answer.caller?.repeatsSecret(answer.bytes)) {
      // What a list returns becomes a result, and a state.
      throw unreadable("UnreadableResponse", "a list that repeats a secret of the caller", answer, call);
    }
    return read(fields, answer.bytes.length);
  } catch (error) {
    if (error instanceof UnreadableField) {
      throw unreadable("UnreadableResponse", `an answer of another form: ${error.message}`, answer, call);
    }
    throw error;
  }
}
