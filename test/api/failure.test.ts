import assert from "node:assert/strict";
import { readSuccess } from "../../src/api/failure.js";
import { HttpResponse, retryAfterOf } from "../../src/api/httpResponse.js";
import { ServiceError } from "../../src/index.js";
import { instances } from "../../src/lists/instances.js";
import { rejectsPageSize, requestPage } from "../../src/lists/page.js";
import { failureOf as caught } from "../helpers/lookup.js";
import { jsonAnswer } from "../helpers/wire.js";

const endpoint = "https://outboundbot.example";

function pageOf(answer: HttpResponse, number = 1) {
  const { signal } = new AbortController();
  return requestPage(instances, {}, { number, size: 10 }, { send: async () => answer, endpoint }, signal);
}

async function failureOf(answer: HttpResponse): Promise<ServiceError> {
  const error = await caught(pageOf(answer));
  assert.ok(ServiceError.isInstance(error), String(error));
  assert.equal(error.action, "ListInstances");
  assert.equal(error.endpoint, endpoint);
  return error;
}

describe("a response that is a failure", () => {
  const noInstances = { Success: true, Code: "OK", TotalCount: 0, Instances: [] };
  const html = "<html>502 Bad Gateway</html>";

  const failures: Record<
    string,
    [answer: HttpResponse, code: string, statusCode: number, requestId: string | undefined, message: RegExp]
  > = {
    "an error of the service": [
      jsonAnswer(403, { Code: "Forbidden.RAM", Message: "No.", RequestId: "R-1", HostId: "h" }),
      "Forbidden.RAM",
      403,
      "R-1",
      /^ListInstances at https:\/\/outboundbot\.example failed: Forbidden\.RAM \(status 403, request ID R-1\): No\. Attach this RAM policy .*outboundbot:ListInstances/,
    ],
    "an error with the request ID in a header only": [
      jsonAnswer(500, { Code: "InternalError", Message: "m" }, { "x-acs-request-id": "R-2" }),
      "InternalError",
      500,
      "R-2",
      /InternalError \(status 500, request ID R-2\)/,
    ],
    "an error without code or message": [
      jsonAnswer(418, {}),
      "UnknownError",
      418,
      undefined,
      /UnknownError \(status 418\): the response has no error message/,
    ],
    "an error with a code of success": [
      jsonAnswer(500, noInstances),
      "UnknownError",
      500,
      undefined,
      /status 500/,
    ],
    "Success: false with status 200: the status is the body's": [
      jsonAnswer(200, {
        Success: false,
        Code: "InternalError",
        HttpStatusCode: 500,
        Message: "m",
        RequestId: "R",
      }),
      "InternalError",
      500,
      "R",
      /status 500, request ID R/,
    ],
    "Success: false with status 200 and nothing else": [
      jsonAnswer(200, { Success: false }),
      "UnknownError",
      200,
      undefined,
      /status 200/,
    ],
    "Success: false together with instances": [
      jsonAnswer(200, { ...noInstances, Success: false, Code: "Throttling.User" }),
      "Throttling.User",
      200,
      undefined,
      /Throttling/,
    ],
    "Success in quotes": [
      jsonAnswer(200, { ...noInstances, Success: "false", Code: "NoPermission", HttpStatusCode: "403" }),
      "NoPermission",
      403,
      undefined,
      /NoPermission/,
    ],
    "an error code without Success": [
      jsonAnswer(200, { Code: "Throttling", Message: "m", TotalCount: 0, Instances: [] }),
      "Throttling",
      200,
      undefined,
      /Throttling/,
    ],
    "HTML with 502": [
      new HttpResponse(502, { "content-type": "text/html" }, Buffer.from(html)),
      "UnreadableResponse",
      502,
      undefined,
      /UnreadableResponse \(status 502\): expected a JSON object, got 28 characters of text\/html/,
    ],
    "HTML with 200": [
      new HttpResponse(200, { "content-type": "text/html" }, Buffer.from(html)),
      "UnreadableResponse",
      200,
      undefined,
      /status 200/,
    ],
    "no body": [
      new HttpResponse(200, {}, Buffer.alloc(0)),
      "EmptyResponse",
      200,
      undefined,
      /the response has no body/,
    ],
    "a blank body": [
      new HttpResponse(503, {}, Buffer.from(" \n")),
      "EmptyResponse",
      503,
      undefined,
      /status 503/,
    ],
    "a redirect": [
      new HttpResponse(
        302,
        { location: "https://elsewhere.example/", "x-acs-request-id": "R" },
        Buffer.alloc(0),
      ),
      "UnexpectedRedirect",
      302,
      "R",
      /a redirect to https:\/\/elsewhere\.example\//,
    ],
    "a redirect with a correct body": [
      jsonAnswer(307, noInstances),
      "UnexpectedRedirect",
      307,
      undefined,
      /the response is a redirect\. /,
    ],
    "a truncated body": [
      jsonAnswer(200, JSON.stringify(noInstances).slice(0, 30)),
      "UnreadableResponse",
      200,
      undefined,
      /expected a JSON object/,
    ],
    "a list": [jsonAnswer(200, []), "UnreadableResponse", 200, undefined, /expected a JSON object/],
    null: [jsonAnswer(200, null), "UnreadableResponse", 200, undefined, /expected a JSON object/],
    "no Instances": [
      jsonAnswer(200, { Success: true, Code: "OK", TotalCount: 3 }),
      "UnreadableResponse",
      200,
      undefined,
      /unexpected content: Instances is missing/,
    ],
    "no Instances and no TotalCount": [
      jsonAnswer(200, {}),
      "UnreadableResponse",
      200,
      undefined,
      /Instances is missing/,
    ],
    "Instances that aren't a list": [
      jsonAnswer(200, { ...noInstances, Instances: { Instance: [] } }),
      "UnreadableResponse",
      200,
      undefined,
      /Instances is not a list/,
    ],
    "an instance without an ID": [
      jsonAnswer(200, {
        ...noInstances,
        TotalCount: 2,
        Instances: [{ InstanceId: "a" }, {}],
        RequestId: "R",
      }),
      "UnreadableResponse",
      200,
      undefined,
      /Instances\[1\]\.InstanceId is not a non-empty string/,
    ],
    "a TotalCount that isn't a number": [
      jsonAnswer(200, { ...noInstances, TotalCount: "many" }),
      "UnreadableResponse",
      200,
      undefined,
      /TotalCount is not a whole number/,
    ],
  };
  for (const [what, [answer, code, statusCode, requestId, message]] of Object.entries(failures)) {
    it(what, async () => {
      const error = await failureOf(answer);
      assert.deepEqual([error.code, error.statusCode, error.requestId], [code, statusCode, requestId]);
      assert.match(error.message, message);
    });
  }

  it("returns the requested wait", async () => {
    const throttled = { Code: "Throttling.User", Message: "m" };
    const error = await failureOf(jsonAnswer(400, throttled, { "x-acs-retry-after": "1500" }));
    assert.equal(error.retryAfter, 1500);
  });
});

describe("a response that is a success", () => {
  const call = { action: "ListInstances", endpoint };
  for (const [what, body] of Object.entries({
    "the documented form": { Success: true, Code: "OK", HttpStatusCode: 200 },
    "the code 200": { Success: true, Code: "200" },
    "Success in quotes": { Success: "true", Code: "OK" },
    "Success and Code missing": { TotalCount: 0 },
    "an unknown code with Success: true": { Success: true, Code: "Success" },
  })) {
    it(what, () => assert.ok(readSuccess(jsonAnswer(200, body), call, () => true)));
  }

  async function list(body: unknown) {
    const { items, totalCount } = await pageOf(jsonAnswer(200, body));
    return { items, totalCount };
  }

  it("a list with creator IDs above 2^53", async () => {
    const body =
      '{"Success":true,"TotalCount":1,"Instances":[{"InstanceId":"i","CreatorId":9223372036854775807}]}';
    const { items } = await pageOf(jsonAnswer(200, body));
    assert.equal(items[0]?.creatorId, "9223372036854775807");
  });

  it("an empty or absent list", async () => {
    assert.deepEqual(await list({ Success: true, TotalCount: 0, Instances: [] }), {
      items: [],
      totalCount: 0,
    });
    assert.deepEqual(await list({ Success: true, TotalCount: 0 }), { items: [], totalCount: 0 });
    assert.deepEqual(await list({ Success: true, TotalCount: 0, Instances: null }), {
      items: [],
      totalCount: 0,
    });
  });

  it("ignores a missing, null or negative count, and reads one in quotes", async () => {
    const Instances = [{ InstanceId: "a" }];
    for (const [TotalCount, totalCount] of [
      [undefined, undefined],
      [null, undefined],
      [-1, undefined],
      ["1", 1],
      [7, 7],
    ]) {
      const page = await list({ Success: true, TotalCount, Instances });
      assert.deepEqual(page, { items: [{ id: "a" }], totalCount });
    }
  });
});

describe("response headers", () => {
  const now = Date.parse("2026-01-01T00:00:00Z");
  for (const [headers, wait] of [
    [{}, undefined],
    [{ "x-acs-retry-after": "250" }, 250],
    [{ "x-acs-retry-after": "0" }, 0],
    [{ "retry-after": "2" }, 2000],
    [{ "retry-after": "Thu, 01 Jan 2026 00:00:05 GMT" }, 5000],
    [{ "retry-after": "Wed, 31 Dec 2025 00:00:00 GMT" }, 0],
    [{ "x-acs-retry-after": "250", "retry-after": "2" }, 250],
    [{ "x-acs-retry-after": "soon", "retry-after": "2" }, 2000],
    [{ "x-acs-retry-after": "-1" }, undefined],
    [{ "x-acs-retry-after": "1e999" }, undefined],
    [{ "retry-after": "soon" }, undefined],
    [{ "retry-after": ["3", "4"] }, 3000],
  ] as const) {
    it(`${JSON.stringify(headers)}: ${wait} ms`, () =>
      assert.equal(retryAfterOf({ ...headers } as HttpResponse["headers"], now), wait));
  }
});

describe("a response with a PageNumber", () => {
  const body = (PageNumber: unknown) => ({
    Code: "OK",
    TotalCount: 0,
    PageNumber,
    PageSize: 10,
    Instances: [],
  });

  it("is refused if it is another page", async () => {
    for (const reported of [2, "2"]) {
      const { code, message } = await failureOf(jsonAnswer(200, body(reported)));
      assert.equal(code, "UnreadableResponse");
      assert.match(message, /PageNumber is 2 instead of 1/);
    }
  });

  it("is read with 1 for any page, and refused with any other page", async () => {
    for (const reported of [1, 2]) {
      assert.deepEqual((await pageOf(jsonAnswer(200, body(reported)), 2)).items, []);
    }
    assert.match((await caught(pageOf(jsonAnswer(200, body(3)), 2))).message, /PageNumber is 3 instead of 2/);
  });

  it("is read if it is the requested page, or without a usable PageNumber", async () => {
    for (const reported of [1, "1", 0, -3, 1.5, null, "x", {}, { toString: 1 }, undefined]) {
      assert.deepEqual((await pageOf(jsonAnswer(200, body(reported)))).items, []);
    }
  });
});

describe("refusesPageSize", () => {
  for (const [code, message, statusCode, refuses] of [
    ["InvalidParameter.PageSize", "m", 400, true],
    ["InvalidParameter", "The parameter PageSize must be at most 50.", 400, true],
    ["InvalidParameter", "page size too large", 400, true],
    ["InvalidParameter.PageNumber", "m", 400, false],
    ["Throttling.User", "m", 400, false],
    ["InternalError", "PageSize", 500, false],
  ] as const) {
    it(`${statusCode} ${code}: ${message}: ${refuses}`, async () => {
      const failure = await failureOf(jsonAnswer(statusCode, { Code: code, Message: message }));
      assert.equal(rejectsPageSize(failure), refuses);
    });
  }

  it("is false for a response that didn't come from the service", () =>
    assert.equal(rejectsPageSize(new Error("PageSize")), false));
});
