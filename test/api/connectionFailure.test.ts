import assert from "node:assert/strict";
import { toConnectionError } from "../../src/api/connectionFailure.js";

const call = { action: "ListInstances", endpoint: "https://bots.example" };

function systemError(code: string, fields: object = {}): Error {
  return Object.assign(new Error(`told ${code}`), { code, ...fields });
}

describe("what a call that got no whole answer failed of", () => {
  const cases: readonly (readonly [name: string, error: unknown, code: string, said: RegExp])[] = [
    ["an unknown host", systemError("ENOTFOUND"), "UnknownHost", /the host is not known/],
    ["a broken pipe", systemError("EPIPE"), "ConnectionReset", /the connection was reset/],
    ["a slow answer", systemError("UND_ERR_BODY_TIMEOUT"), "CallTimeout", /the answer stopped coming/],
    ["bytes that are not HTTP", systemError("HPE_INVALID_CONSTANT"), "UnreadableResponse", /is not HTTP/],
    ["an unknown certificate", systemError("SELF_SIGNED_CERT_IN_CHAIN"), "TlsFailure", /told SELF_SIGNED/],
    ["a broken handshake", systemError("EPROTO"), "TlsFailure", /told EPROTO/],
    ["something unknown", systemError("ESTRANGE"), "ConnectionFailed", /told ESTRANGE/],
    ["an error without a code", new Error("no code"), "ConnectionFailed", /no code/],
    ["no error at all", "thrown text", "ConnectionFailed", /thrown text/],
    [
      "a cause within a cause",
      new TypeError("fetch failed", { cause: new Error("inner", { cause: systemError("ECONNREFUSED") }) }),
      "ConnectionRefused",
      /nothing listens there/,
    ],
    [
      "several attempts at several addresses",
      new AggregateError([systemError("ECONNREFUSED"), systemError("ETIMEDOUT")], "both failed"),
      "ConnectionRefused",
      /nothing listens there/,
    ],
  ];
  for (const [name, error, code, said] of cases) {
    it(name, () => {
      const failure = toConnectionError(error, call);
      assert.equal(failure.code, code);
      assert.match(failure.message, said);
      assert.equal(failure.cause, undefined, "a foreign error may hold secrets");
      assert.equal(failure.endpoint, call.endpoint);
    });
  }

  it("tells a connection closed before an answer from one closed in its midst", () => {
    const closed = systemError("UND_ERR_SOCKET");
    assert.equal(toConnectionError(closed, call).code, "ConnectionReset");
    assert.equal(toConnectionError(closed, { ...call, statusCode: 200 }).code, "TruncatedResponse");
  });

  describe("through a proxy", () => {
    const proxies = [new URL("http://proxy.example:3128"), new URL("https://[2001:db8::1]")];
    const ofProxies: readonly (readonly [name: string, error: Error, said: string])[] = [
      [
        "one that asks for a password",
        new Error("Proxy response (407) !== 200 when HTTP Tunneling"),
        "the proxy proxy.example:3128 or [2001:db8::1] answered 407 (it asks for a user name and password)",
      ],
      [
        "one that refuses",
        new Error("Proxy response (403) !== 200 when HTTP Tunneling"),
        "the proxy proxy.example:3128 or [2001:db8::1] answered 403",
      ],
      [
        "one whose name is not known",
        systemError("ENOTFOUND", { hostname: "proxy.example" }),
        "the proxy proxy.example:3128 could not be used: the host is not known",
      ],
      [
        "one where nothing listens, known by its name",
        systemError("ECONNREFUSED", { address: "192.0.2.7", port: 3128 }),
        "the proxy proxy.example:3128 could not be used: nothing listens there",
      ],
      [
        "one where nothing listens, known by its address and its protocol's port",
        new AggregateError(
          [systemError("ECONNREFUSED", { address: "2001:db8::1", port: 443 })],
          "all failed",
        ),
        "the proxy [2001:db8::1] could not be used: nothing listens there",
      ],
      [
        "one that closes the connection",
        systemError("UND_ERR_SOCKET", { socket: { remoteAddress: "2001:db8::1", remotePort: 443 } }),
        "the proxy [2001:db8::1] could not be used: the connection was closed before an answer came",
      ],
    ];
    for (const [name, error, said] of ofProxies) {
      it(name, () => {
        const failure = toConnectionError(error, call, proxies);
        assert.equal(failure.code, "ProxyFailure");
        assert.ok(failure.message.includes(said), failure.message);
      });
    }

    it("does not blame one for the service's own failure", () => {
      for (const error of [
        systemError("ENOTFOUND", { hostname: "bots.example" }),
        systemError("ECONNREFUSED", { address: "192.0.2.9", port: 443 }),
        "thrown text",
      ]) {
        assert.notEqual(toConnectionError(error, call, proxies).code, "ProxyFailure");
      }
    });
  });
});
