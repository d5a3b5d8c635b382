import type { IncomingHttpHeaders } from "node:http";
import { invalidParameter } from "./serviceError.js";

/** One HTTP request, read whole. */
export interface ServiceRequest {
  readonly method: "GET" | "POST";
  /** As it stands in the request line, without the query. */
  readonly path: string;
  /** Parameters of the query, decoded. */
  readonly query: ReadonlyMap<string, string>;
  /** Parameters of a form body, decoded; empty for a body of another type. */
  readonly form: ReadonlyMap<string, string>;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export function toServiceRequest(
  method: "GET" | "POST",
  url: string,
  headers: IncomingHttpHeaders,
  body: Buffer,
): ServiceRequest {
  const mark = url.indexOf("?");
  const isForm =
    headers["content-type"]?.toLowerCase().startsWith("application/x-www-form-urlencoded") ?? false;
  return {
    method,
    path: mark < 0 ? url : url.slice(0, mark),
    query: toParameters(mark < 0 ? "" : url.slice(mark + 1)),
    form: toParameters(isForm ? body.toString("utf8") : ""),
    headers,
    body,
  };
}

/** A parameter wherever it was sent; the query comes first, as it does for the service's gateway. */
export function parameter(request: ServiceRequest, name: string): string | undefined {
  return request.query.get(name) ?? request.form.get(name);
}

/** A header that is there once and not empty. */
export function header(request: ServiceRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** A name that comes twice has no defined meaning, and a signature over it none either. */
function toParameters(text: string): Map<string, string> {
  const parameters = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(text)) {
    if (parameters.has(name)) {
      throw invalidParameter(name, `The parameter ${name} is given more than once.`);
    }
    parameters.set(name, value);
  }
  return parameters;
}
