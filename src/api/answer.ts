import type { CallerIdentity } from "./callerIdentity.js";

const byteOrderMark = "\uFEFF";

/** The complete response to one call. */
export class Answer {
  readonly statusCode: number;
  /** The headers, by lowercase name. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The body as received. */
  readonly bytes: Buffer;
  /** The identity that made the call. */
  readonly caller: CallerIdentity | undefined;

  constructor(statusCode: number, headers: Answer["headers"], bytes: Buffer, caller?: CallerIdentity) {
    this.statusCode = statusCode;
    this.headers = headers;
    this.bytes = bytes;
    this.caller = caller;
  }

  /**
   * Returns the body as text. Decodes it on each call, because text takes more memory than bytes while a page waits to be read.
   */
  text(): string {
    const text = this.bytes.toString("utf8");
    return text.startsWith(byteOrderMark) ? text.slice(byteOrderMark.length) : text;
  }
}

/** Returns the value of a header, or the first one if it is repeated. */
export function headerOf(headers: Answer["headers"], name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** Returns the ID that the service's gateway gives each request, even if the body has none. */
export function requestIdOf(headers: Answer["headers"]): string | undefined {
  return headerOf(headers, "x-acs-request-id");
}

/** Returns the time that the service asks callers to wait, in milliseconds. */
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
