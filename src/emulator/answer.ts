import type { ServiceError } from "./serviceError.js";

/** What goes back over the wire for one call, before any fault spoils its delivery. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The service's code, for the call log; empty where the body carries none. */
  readonly code: string;
}

export function jsonAnswer(
  status: number,
  code: string,
  requestId: string,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return {
    status,
    code,
    body,
    headers: { "content-type": "application/json;charset=utf-8", "x-acs-request-id": requestId, ...headers },
  };
}

/** The body that all the vendor's services use for an error. */
export function errorAnswer(error: ServiceError, requestId: string, host: string): Answer {
  const body = JSON.stringify({
    RequestId: requestId,
    HostId: host,
    Code: error.code,
    Message: error.message,
    Recommend: `https://api.aliyun.com/troubleshoot?q=${encodeURIComponent(error.code)}&product=OutboundBot&requestId=${requestId}`,
  });
  return jsonAnswer(error.status, error.code, requestId, body, error.headers);
}
