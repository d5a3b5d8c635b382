import type { Readable } from "node:stream";

/** In bytes: three times the size of a page of 100 instances with long descriptions. */
const largeFrom = 256 * 1024;
/** The maximum number of large responses received at once. Others are paused, so that memory is bounded. */
const mostAtOnce = 8;

/** The large responses, in the order in which they became large. */
const largeResponses: Readable[] = [];

/** Called for each part of a response. Pauses the response when it is large and others are being received. */
export function pauseIfLarge(response: Readable, sizeBefore: number, size: number): void {
  if (sizeBefore >= largeFrom || size < largeFrom) {
    return;
  }
  largeResponses.push(response);
  if (largeResponses.length > mostAtOnce) {
    response.pause();
  }
  response.once("close", () => {
    largeResponses.splice(largeResponses.indexOf(response), 1);
    for (const next of largeResponses.slice(0, mostAtOnce)) {
      next.resume();
    }
  });
}
