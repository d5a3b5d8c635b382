import type { CallerIdentity } from "./callerIdentity.js";

const byteOrderMark = "\uFEFF";
const nothing = Buffer.alloc(0);

/** The complete response to one call. */
export class HttpResponse {
  readonly statusCode: number;
  /** The headers, by lowercase name. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The length of the body, in bytes. */
  readonly size: number;
  /** The identity that made the call. */
  readonly caller: CallerIdentity | undefined;
  #body: Buffer;

  constructor(statusCode: number, headers: HttpResponse["headers"], body: Buffer, caller?: CallerIdentity) {
    this.statusCode = statusCode;
    this.headers = headers;
    this.size = body.length;
    this.caller = caller;
    this.#body = body;
  }

  /** Returns whether the body contains one of these texts. Keeps the body. */
  contains(texts: readonly string[]): boolean {
    return texts.some((text) => this.#body.includes(text));
  }

  /**
   * Returns the body as text, once. Then releases the bytes, because V8 may keep a response that nothing uses until its next full
   * garbage collection. Until then the body stays in bytes, because text takes more memory.
   */
  takeText(): string {
    const text = this.#body.toString("utf8");
    this.#body = nothing;
    return text.startsWith(byteOrderMark) ? text.slice(byteOrderMark.length) : text;
  }
}

/** Returns the value of a header. If the header is repeated, returns its first value. */
export function firstHeader(headers: HttpResponse["headers"], name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** Returns the ID that the service's gateway gives each request, even if the body has none. */
export function requestIdOf(headers: HttpResponse["headers"]): string | undefined {
  return firstHeader(headers, "x-acs-request-id");
}

/** Returns the time that the service asks callers to wait, in milliseconds. */
export function retryAfterOf(headers: HttpResponse["headers"], now: number): number | undefined {
  const milliseconds = Number(firstHeader(headers, "x-acs-retry-after") ?? Number.NaN);
  if (Number.isFinite(milliseconds) && milliseconds >= 0) {
    return milliseconds;
  }
  const retryAfter = firstHeader(headers, "retry-after");
  if (retryAfter === undefined) {
    return undefined;
  }
  const wait = /^\d+$/.test(retryAfter) ? Number(retryAfter) * 1000 : Date.parse(retryAfter) - now;
  return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}
