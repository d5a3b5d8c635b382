import type { IncomingHttpHeaders } from "node:http";
import { invalidParameter, missingParameter, ServiceError } from "./serviceError.js";

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

const servedActions = ["ListInstances", "ListScripts", "ListOutboundCallNumbers"] as const;

/** An action of the service that the emulator serves. */
export type Action = (typeof servedActions)[number];

const servedVersion = "2019-12-26";

/** The action that a request names, in a header (signature version 3) or a parameter (version 1.0). */
export function namedAction(request: ServiceRequest): string | undefined {
  return header(request, "x-acs-action") ?? parameter(request, "Action");
}

/** The action that a request asks for. Refuses all but those that there are, of the one version, as JSON. */
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
    throw new ServiceError("UnsupportedFormat", 400, "The emulator answers JSON only.");
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
