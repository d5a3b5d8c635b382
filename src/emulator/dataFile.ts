import { readFile } from "node:fs/promises";
import { parse } from "lossless-json";
import type { ServiceInstance } from "./instance.js";
import { toInstances } from "./instanceCheck.js";
import { EmulatorOptionError, show } from "./optionError.js";

/** What stands around `Instances` in an answer of the service, so that a saved answer serves as data. */
const aroundInstances = new Set([
  "HttpStatusCode",
  "Code",
  "Message",
  "RequestId",
  "Success",
  "TotalCount",
  "PageNumber",
  "PageSize",
]);

/** Reads instances from a JSON file: `{"Instances": [...]}` or the bare list. */
export async function readDataFile(path: string): Promise<ServiceInstance[]> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new EmulatorOptionError(`The data file ${path} cannot be read: ${error.code ?? error.message}.`);
  });
  return readInstances(text, path);
}

/** Reads instances from JSON text; `source` is what its errors call it. */
export function readInstances(text: string, source: string): ServiceInstance[] {
  const data = parseJson(text, source);
  if (Array.isArray(data)) {
    return toInstances(data, `${source}: `);
  }
  if (typeof data !== "object" || data === null || !("Instances" in data)) {
    throw new EmulatorOptionError(`${source}: must hold {"Instances": [...]} or a list of instances.`);
  }
  const { Instances, ...others } = data;
  const unknown = Object.keys(others).find((name) => !aroundInstances.has(name));
  if (unknown !== undefined) {
    throw new EmulatorOptionError(`${source}: unknown field ${show(unknown)} next to Instances.`);
  }
  if (!Array.isArray(Instances)) {
    throw new EmulatorOptionError(`${source}: Instances must be a list.`);
  }
  return toInstances(Instances, `${source}: Instances`);
}

/** JSON.parse would round a CreatorId past 2^53. */
function parseJson(text: string, source: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) {
      throw error;
    }
    throw new EmulatorOptionError(`${source}: is not JSON: ${error.message}.`);
  }
}
