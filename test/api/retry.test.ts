import assert from "node:assert/strict";
import { RetryBudget, retryDelay } from "../../src/api/retry.js";
import { retryOf } from "../../src/errors/codes.js";

const answered = (code: string, statusCode: number) => ({ code, statusCode });
const unanswered = (code: string) => ({ code, statusCode: undefined });

describe("retryOf", () => {
  for (const [kind, failures] of [
    [
      "throttled",
      [
        answered("Throttling", 400),
        answered("Throttling.User", 400),
        answered("Throttling.Api", 503),
        answered("Throttling.User", 200),
        answered("TooManyRequests", 429),
        answered("FlowControl", 400),
        answered("ServiceBusy", 503),
        answered("SystemBusy", 400),
        answered("isv.BUSINESS_LIMIT_CONTROL", 200),
        { ...answered("SomethingNew", 400), retryAfter: 0 },
        { ...answered("ServiceUnavailable", 503), retryAfter: 5 },
      ],
    ],
    [
      "transient",
      [
        answered("ServiceUnavailable", 503),
        answered("InternalError", 500),
        answered("InternalError", 200),
        answered("SignatureNonceUsed", 400),
        answered("SomethingNew", 500),
        answered("SomethingNew", 502),
        answered("Unknown", 400),
        answered("UnknownError", 400),
        answered("UnreadableResponse", 200),
        answered("EmptyResponse", 200),
        answered("EmptyResponse", 502),
        unanswered("ConnectionRefused"),
        unanswered("ConnectionReset"),
        unanswered("TruncatedResponse"),
        unanswered("CallTimeout"),
        unanswered("UnreadableResponse"),
        unanswered("ConnectionFailed"),
      ],
    ],
    [
      "never",
      [
        answered("Forbidden.RAM", 403),
        answered("InvalidAccessKeyId.NotFound", 404),
        answered("InvalidTimeStamp.Expired", 400),
        answered("UnreadableResponse", 404),
        answered("EmptyResponse", 300),
        answered("UnknownParameter", 400),
        answered("Not.InternalError", 400),
        answered("UnexpectedRedirect", 302),
        { ...answered("UnexpectedRedirect", 302), retryAfter: 5 },
        unanswered("UnknownHost"),
        unanswered("TlsFailure"),
      ],
    ],
  ] as const) {
    for (const failure of failures) {
      it(`classifies ${failure.code} with status ${failure.statusCode} as ${kind}`, () => {
        assert.equal(retryOf(failure), kind);
      });
    }
  }
});

describe("retryDelay", () => {
  it("doubles with each attempt, up to 5 s", () => {
    const longest = [1, 2, 3, 4, 5, 6, 7, 8, 1000].map((tries) => retryDelay(tries, () => 1));
    assert.deepEqual(longest, [100, 200, 400, 800, 1600, 3200, 5000, 5000, 5000]);
  });

  it("is random between zero and that", () => {
    assert.equal(
      retryDelay(3, () => 0),
      0,
    );
    assert.equal(
      retryDelay(3, () => 0.25),
      100,
    );
  });
});

describe("RetryBudget", () => {
  function takeAll(budget: RetryBudget): number {
    let taken = 0;
    while (budget.take()) {
      taken++;
    }
    return taken;
  }

  it("allows 100 retries, plus one for each call that succeeds", () => {
    const budget = new RetryBudget();
    assert.equal(takeAll(budget), 100);
    budget.succeeded();
    budget.succeeded();
    assert.equal(takeAll(budget), 2);
  });
});
