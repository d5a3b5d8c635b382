import { HttpResponse } from "../../src/api/httpResponse.js";
import { parseJson } from "../../src/api/json.js";
import { Reader } from "../../src/api/reader.js";

/** Returns a reader of JSON, like that of a response. */
export function reader(json: string): Reader {
  return new Reader(parseJson(json, ["CreatorId"]));
}

/** Returns a response of the service with a JSON body. */
export function jsonAnswer(
  statusCode: number,
  body: unknown,
  headers: HttpResponse["headers"] = {},
): HttpResponse {
  return new HttpResponse(
    statusCode,
    { "content-type": "application/json", ...headers },
    Buffer.from(typeof body === "string" ? body : JSON.stringify(body)),
  );
}
