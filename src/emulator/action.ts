import { header, parameter, type ServiceRequest } from "./request.js";
import { missingParameter, ServiceError } from "./serviceError.js";

const servedAction = "ListInstances";
const servedVersion = "2019-12-26";

/** The action that a request names, in a header (signature version 3) or a parameter (version 1.0). */
export function namedAction(request: ServiceRequest): string | undefined {
  return header(request, "x-acs-action") ?? parameter(request, "Action");
}

/** Refuses all but the one action of the one version that there is, as JSON. */
export function checkAction(request: ServiceRequest): void {
  const action = namedAction(request);
  const version = header(request, "x-acs-version") ?? parameter(request, "Version");
  if (request.path !== "/") {
    throw notFound();
  }
  if (!action) {
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
  if (action !== servedAction) {
    throw notFound();
  }
  const format = parameter(request, "Format") ?? "JSON";
  if (format.toUpperCase() !== "JSON") {
    throw new ServiceError("UnsupportedFormat", 400, "The emulator answers JSON only.");
  }
}

function notFound(): ServiceError {
  return new ServiceError(
    "InvalidApi.NotFound",
    404,
    `Specified api is not found: the emulator serves ${servedAction}, at the path /.`,
  );
}
