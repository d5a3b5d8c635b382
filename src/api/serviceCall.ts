import { setImmediate as nextTurn } from "node:timers/promises";
import { type Call, readSuccess, unreadableResponse } from "./failure.js";
import type { HttpResponse } from "./httpResponse.js";
import { type Reader, UnreadableField } from "./reader.js";

/** Sends one signed call and returns the complete response. */
export type SendCall = (
  action: string,
  version: string,
  query: object,
  signal: AbortSignal,
) => Promise<HttpResponse>;

const version = "2019-12-26";
/** The maximum size of a failure with HTTP status 200, in bytes. */
const longestFailure = 4_000;

/**
 * Makes one call to the service.
 *
 * @param request the parameters of the action, by their API names.
 * @param read reads the result from the fields of the response; `size` is its length in bytes.
 * @param onAccepted called as soon as the service is known to return a result.
 * @throws ServiceError, or the errors of `send`.
 */
export async function callService<Result>(
  send: SendCall,
  call: Call,
  request: object,
  read: (fields: Reader, size: number) => Result,
  signal: AbortSignal,
  onAccepted: () => void,
): Promise<Result> {
  const response = await send(call.action, version, request, signal);
  if (response.statusCode === 200 && response.size > longestFailure) {
    // Reading a page takes as long as sending several calls, so waiting calls are sent first.
    onAccepted();
    await nextTurn();
  }
  try {
    const body = response.takeText();
    const fields = readSuccess(response, body, call);
    return read(fields, response.size);
  } catch (error) {
    if (error instanceof UnreadableField) {
      throw unreadableResponse("UnreadableResponse", `unexpected content: ${error.message}`, response, call);
    }
    throw error;
  }
}
