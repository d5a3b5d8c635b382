import type { Readable } from "node:stream";

/** In bytes: three times a page of 100 instances with long descriptions. */
const largeFrom = 256 * 1024;
/** How many large responses are received at once; those beyond them wait, unread, so that memory is bounded. */
const mostAtOnce = 8;

/** Responses that are large, in the order in which they became so. */
const turns: Readable[] = [];

/** Is told of each part of a response that arrives. Pauses the response when it is large and others are under way. */
export function receiving(response: Readable, sizeBefore: number, size: number): void {
  if (sizeBefore >= largeFrom || size < largeFrom) {
    return;
  }
  turns.push(response);
  if (turns.length > mostAtOnce) {
    response.pause();
  }
  response.once("close", () => {
    turns.splice(turns.indexOf(response), 1);
    for (const next of turns.slice(0, mostAtOnce)) {
      next.resume();
    }
  });
}
