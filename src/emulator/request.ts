import type { IncomingHttpHeaders } from "node:http";
import { invalidParameter, missingParameter, ServiceError } from "./serviceError.js";

/** One complete HTTP request. */
export interface ServiceRequest {
  readonly method: "GET" | "POST";
  /** The path in the request line, without the query. */
  readonly path: string;
  /** The decoded parameters of the query. */
  readonly query: ReadonlyMap<string, string>;
  /** The decoded parameters of a form body; empty for a body of another type. */
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

/** Returns a parameter of the query or the form. The query takes precedence, as at the service's gateway. */
export function parameter(request: ServiceRequest, name: string): string | undefined {
  return request.query.get(name) ?? request.form.get(name);
}

/** Returns a header that occurs exactly once and isn't empty. */
export function header(request: ServiceRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Decodes parameters. Rejects a repeated name, because neither its meaning nor its signature is defined. */
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

const servedActions = ["ListInstances", "ListScripts", "ListOutboundCallNumbers"] as const;

/** An action that the emulator supports. */
export type Action = (typeof servedActions)[number];

const servedVersion = "2019-12-26";

/** Returns the action that a request names, in a header (signature version 3) or a parameter (version 1.0). */
export function namedAction(request: ServiceRequest): string | undefined {
  return header(request, "x-acs-action") ?? parameter(request, "Action");
}

/** Returns the supported action that a request names. Rejects any other action, version or format. */
export function servedAction(request: ServiceRequest): Action {
  const name = namedAction(request);
  const version = header(request, "x-acs-version") ?? parameter(request, "Version");
  if (request.path !== "/") {
    throw notFound();
  }
  if (!name) {
    throw missingParameter("Action");
  }
  if (!version) {
    throw missingParameter("Version");
  }
  if (version !== servedVersion) {
    throw new ServiceError(
      "InvalidVersion",
      400,
      `Specified parameter Version is not valid: the emulator serves ${servedVersion}.`,
    );
  }
  const action = servedActions.find((served) => served === name);
  if (action === undefined) {
    throw notFound();
  }
  const format = parameter(request, "Format") ?? "JSON";
  if (format.toUpperCase() !== "JSON") {
    throw new ServiceError("UnsupportedFormat", 400, "The emulator supports only JSON.");
  }
  return action;
}

function notFound(): ServiceError {
  return new ServiceError(
    "InvalidApi.NotFound",
    404,
    `Specified api is not found: the emulator serves ${servedActions.join(", ")}, at the path /.`,
  );
}
