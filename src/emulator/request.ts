import type { IncomingHttpHeaders } from "node:http";
import { ErrorResponse, invalidParameter } from "./errorResponse.js";

/** A request as the HTTP server received it. */
export interface RawRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A request with its parameters. */
export interface ServiceRequest extends RawRequest {
  /** The path in the request line, without the query. */
  readonly path: string;
  /** The decoded parameters of the query. */
  readonly query: ReadonlyMap<string, string>;
  /** The decoded parameters of a form body; empty for a body of another type. */
  readonly form: ReadonlyMap<string, string>;
}

/**
 * Reads the parameters of a request. Rejects a host name other than those of this machine: a web page can make its own name point
 * to 127.0.0.1, and then read responses with it (DNS rebinding).
 */
export function readRequest(raw: RawRequest): ServiceRequest {
  const { method, url, headers, body } = raw;
  if (!/^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i.test(headers.host ?? "")) {
    throw new ErrorResponse("MisdirectedRequest");
  }
  if (method !== "GET" && method !== "POST") {
    throw new ErrorResponse("UnsupportedHTTPMethod");
  }
  const [path = ""] = url.split("?", 1);
  const isForm = headers["content-type"]?.toLowerCase().startsWith("application/x-www-form-urlencoded");
  return {
    ...raw,
    path,
    query: toParameters(url.slice(path.length + 1)),
    form: toParameters(isForm ? body.toString("utf8") : ""),
  };
}

/** Decodes parameters. Rejects a repeated name, because neither its meaning nor its signature is defined. */
function toParameters(text: string): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(text)) {
    if (parameters.has(name)) {
      throw invalidParameter(name, "It is given more than once.");
    }
    parameters.set(name, value);
  }
  return parameters;
}

/** Returns a parameter that isn't empty. The query takes precedence, as at the service's gateway. */
export function parameter(request: ServiceRequest, name: string): string | undefined {
  return (request.query.get(name) ?? request.form.get(name)) || undefined;
}

/** Returns a header that occurs exactly once and isn't empty. */
export function header(request: RawRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Returns the value of a parameter or header that the service requires. */
export function required(value: string | undefined, name: string): string {
  if (value === undefined) {
    throw new ErrorResponse(
      "MissingParameter",
      `The input parameter ${name} that is mandatory for processing this request is not supplied.`,
    );
  }
  return value;
}

const actions = ["ListInstances", "ListScripts", "ListOutboundCallNumbers"] as const;

/** An action that the emulator supports. */
export type Action = (typeof actions)[number];

/** Returns the action that a request names, in a header (signature version 3) or a parameter (version 1.0). */
export function namedAction(request: ServiceRequest): string | undefined {
  return header(request, "x-acs-action") ?? parameter(request, "Action");
}

/** A supported action, and the page that the call requests, both numbers from 1. */
export interface ListCall {
  readonly action: Action;
  readonly pageNumber: number;
  readonly pageSize: number;
}

/** Reads the call of a request. Rejects any other action, version or format. */
export function readCall(request: ServiceRequest): ListCall {
  const name = required(namedAction(request), "Action");
  const version = required(header(request, "x-acs-version") ?? parameter(request, "Version"), "Version");
  if (version !== "2019-12-26") {
    throw new ErrorResponse("InvalidVersion");
  }
  const action = actions.find((served) => served === name);
  if (request.path !== "/" || action === undefined) {
    throw new ErrorResponse("InvalidApi.NotFound");
  }
  if ((parameter(request, "Format") ?? "JSON").toUpperCase() !== "JSON") {
    throw new ErrorResponse("UnsupportedFormat");
  }
  // ListInstances has default values, the other actions have none.
  const [number, size] = action === "ListInstances" ? ["1", "10"] : [];
  return {
    action,
    pageNumber: positiveInteger(request, "PageNumber", number),
    pageSize: positiveInteger(request, "PageSize", size),
  };
}

function positiveInteger(request: ServiceRequest, name: string, otherwise: string | undefined): number {
  const text = required(parameter(request, name) ?? otherwise, name);
  if (!/^0*[1-9]\d{0,8}$/.test(text)) {
    throw invalidParameter(name, `It must be a whole number from 1, got ${JSON.stringify(text)}.`);
  }
  return Number(text);
}
