import assert from "node:assert/strict";
import { runInNewContext } from "node:vm";
import { ProxyFailure, RefusedResponse, toCallFailure } from "../../src/api/connectionFailure.js";
import { ConnectionError } from "../../src/errors/errors.js";

const call = { action: "ListInstances", endpoint: "https://bots.example" };

function systemError(code: string, fields: object = {}): Error {
  return Object.assign(new Error(`told ${code}`), { code, ...fields });
}

describe("the error of a call without a complete response", () => {
  const cases: readonly (readonly [name: string, error: unknown, code: string, said: RegExp])[] = [
    ["an unknown host", systemError("ENOTFOUND"), "UnknownHost", /the host name can't be resolved/],
    ["a broken pipe", systemError("EPIPE"), "ConnectionReset", /the connection closed/],
    ["a host that doesn't respond", systemError("ETIMEDOUT"), "CallTimeout", /connecting timed out/],
    [
      "a response that is cut off",
      new RefusedResponse("the response is larger than 4 MiB"),
      "UnreadableResponse",
      /larger than 4 MiB/,
    ],
    ["a response that isn't HTTP", systemError("HPE_INVALID_CONSTANT"), "UnreadableResponse", /is not HTTP/],
    ["an unknown certificate", systemError("SELF_SIGNED_CERT_IN_CHAIN"), "TlsFailure", /told SELF_SIGNED/],
    ["a broken handshake", systemError("EPROTO"), "TlsFailure", /doesn't speak TLS/],
    ["an unknown error code", systemError("ESTRANGE"), "ConnectionFailed", /told ESTRANGE/],
    ["an error without a code", new Error("no code"), "ConnectionFailed", /no code/],
    ["a value that isn't an error", "thrown text", "ConnectionFailed", /thrown text/],
    [
      "failed attempts at several addresses",
      new AggregateError([systemError("ECONNREFUSED"), systemError("ETIMEDOUT")], "both failed"),
      "ConnectionRefused",
      /nothing is listening on the port/,
    ],
    // Under Jest, for example, Node's own modules create errors of another realm.
    [
      "an error of another realm",
      runInNewContext('Object.assign(new Error("refused"), { code: "ECONNREFUSED" })'),
      "ConnectionRefused",
      /nothing is listening on the port/,
    ],
    [
      "failed attempts in another realm",
      runInNewContext(
        'new AggregateError([Object.assign(new Error("reset"), { code: "ECONNRESET" })], "both failed")',
      ),
      "ConnectionReset",
      /the connection closed before a response arrived/,
    ],
    [
      "an error of another realm without a code",
      runInNewContext('new TypeError("no code")'),
      "ConnectionFailed",
      /: no code/,
    ],
  ];
  for (const [name, error, code, said] of cases) {
    it(name, () => {
      const failure = toCallFailure(error, call).toError();
      assert.ok(ConnectionError.isInstance(failure));
      assert.equal(failure.code, code);
      assert.match(failure.message, said);
      assert.equal(failure.cause, undefined, "a foreign error may hold secrets");
      assert.equal(failure.endpoint, call.endpoint);
    });
  }

  it("distinguishes a connection closed before a response from one closed during it", () => {
    const closed = systemError("ECONNRESET");
    assert.equal(toCallFailure(closed, call).toError().code, "ConnectionReset");
    assert.equal(toCallFailure(closed, call, { statusCode: 200 }).toError().code, "TruncatedResponse");
  });

  const retries: readonly (readonly [what: string, problem: number | Error, retryable: boolean])[] = [
    ["an unknown host name", systemError("ENOTFOUND"), false],
    ["a DNS server that doesn't respond", systemError("EAI_AGAIN"), true],
    ["a closed connection", systemError("ECONNRESET"), true],
    ["an unknown certificate", systemError("SELF_SIGNED_CERT_IN_CHAIN"), false],
    ["status 403", 403, false],
    ["status 407", 407, false],
    ["status 429", 429, true],
    ["status 502", 502, true],
    ["status 503", 503, true],
    ["status 504", 504, true],
  ];
  for (const [what, problem, retryable] of retries) {
    it(`${retryable ? "is" : "isn't"} retryable for ${what}, also of a proxy`, () => {
      const errors = [new ProxyFailure("proxy.example:3128", problem), problem];
      for (const error of errors.filter((item) => typeof item !== "number")) {
        const failure = toCallFailure(error, call);
        assert.equal(failure.retry !== "never", retryable);
        assert.equal(failure.toError().retryable, retryable);
      }
    });
  }

  it("is retryable for the unknown name of a host that has responded before", () => {
    const unknown = systemError("ENOTFOUND");
    for (const error of [unknown, new ProxyFailure("proxy.example:3128", unknown)]) {
      assert.equal(toCallFailure(error, call, {}, true).retry, "transient");
    }
  });

  it("repeats no more than 200 characters of a foreign message", () => {
    const { message } = toCallFailure(new Error("x".repeat(5_000)), call).toError();
    assert.equal(message.match(/x{2,}/)?.[0].length, 200);
  });

  describe("through a proxy", () => {
    const ofProxies: readonly (readonly [name: string, problem: number | Error, said: string])[] = [
      [
        "one that requires a password",
        407,
        "the proxy proxy.example:3128 returned status 407 (authentication required)",
      ],
      ["one that rejects the request", 403, "the proxy proxy.example:3128 returned status 403"],
      [
        "one whose host name is unknown",
        systemError("ENOTFOUND"),
        "the proxy proxy.example:3128 can't be used: the host name can't be resolved",
      ],
      [
        "one that refuses the connection",
        new AggregateError([systemError("ECONNREFUSED")], "all failed"),
        "the proxy proxy.example:3128 can't be used: nothing is listening on the port",
      ],
      [
        "one that closes the connection",
        systemError("ECONNRESET"),
        "the proxy proxy.example:3128 can't be used: the connection closed before a response arrived",
      ],
    ];
    for (const [name, problem, said] of ofProxies) {
      it(name, () => {
        const failure = toCallFailure(new ProxyFailure("proxy.example:3128", problem), call).toError();
        assert.equal(failure.code, "ProxyFailure");
        assert.ok(failure.message.includes(said), failure.message);
      });
    }
  });
});
