import type { Readable } from "node:stream";

/** The minimum size of a large response, in bytes: three times a page of 100 instances with long descriptions. */
const largeFrom = 256 * 1024;
/** The maximum number of large responses received at once. Further responses are paused, so that memory stays bounded. */
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
