import type { CallerIdentity } from "./callerIdentity.js";

const byteOrderMark = "\uFEFF";

/** What the service sent back to one call, whole. */
export class Answer {
  readonly statusCode: number;
  /** By name in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The body as it came. */
  readonly bytes: Buffer;
  /** As whom the call was made. */
  readonly caller: CallerIdentity | undefined;

  constructor(statusCode: number, headers: Answer["headers"], bytes: Buffer, caller?: CallerIdentity) {
    this.statusCode = statusCode;
    this.headers = headers;
    this.bytes = bytes;
    this.caller = caller;
  }

  /** The body as text. Decoded at each call: a page that waits to be read takes less memory as bytes, outside the heap. */
  text(): string {
    const text = this.bytes.toString("utf8");
    return text.startsWith(byteOrderMark) ? text.slice(byteOrderMark.length) : text;
  }
}

/** A header's value; the first one where it came several times. */
export function headerOf(headers: Answer["headers"], name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** The id that the service's gateway gives each request, also where the body has none. */
export function requestIdOf(headers: Answer["headers"]): string | undefined {
  return headerOf(headers, "x-acs-request-id");
}

/** How long the service asks to be left alone, in milliseconds. */
export function retryAfterOf(headers: Answer["headers"], now: number): number | undefined {
  const milliseconds = Number(headerOf(headers, "x-acs-retry-after") ?? Number.NaN);
  if (milliseconds >= 0) {
    return milliseconds;
  }
  const retryAfter = headerOf(headers, "retry-after");
  if (retryAfter === undefined) {
    return undefined;
  }
  const wait = /^\d+$/.test(retryAfter) ? Number(retryAfter) * 1000 : Date.parse(retryAfter) - now;
  return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}
