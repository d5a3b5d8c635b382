import assert from "node:assert/strict";
import { SettingsError } from "../../src/index.js";
import { originOf, parseEndpoint, resolveEndpoint } from "../../src/settings/endpoint.js";
import { argument, SettingsReader } from "../../src/settings/reading.js";

function parse(text: string) {
  return parseEndpoint(argument("endpoint", text));
}

function inRegion(region: string, network: string) {
  const config = (key: string) => (key === "outboundbot:network" ? network : undefined);
  return resolveEndpoint({ region }, new SettingsReader({ config, environment: {} }));
}

describe("endpoint", () => {
  const good: Record<string, string> = {
    "outboundbot.cn-shanghai.aliyuncs.com": "https://outboundbot.cn-shanghai.aliyuncs.com",
    "outboundbot.cn-shanghai.aliyuncs.com:443": "https://outboundbot.cn-shanghai.aliyuncs.com",
    "example.com:80": "https://example.com:80",
    "https://example.com": "https://example.com",
    "https://example.com/": "https://example.com",
    "HTTPS://EXAMPLE.com:8443": "https://example.com:8443",
    "http://localhost": "http://localhost",
    "http://127.0.0.1:8080": "http://127.0.0.1:8080",
    "http://127.9.9.9:1": "http://127.9.9.9:1",
    "http://[::1]:8080": "http://[::1]:8080",
    "localhost:443": "http://localhost:443",
    "127.0.0.1:80": "http://127.0.0.1",
    "[::1]:9": "http://[::1]:9",
    "https://localhost:9": "https://localhost:9",
  };
  for (const [text, origin] of Object.entries(good)) {
    it(`${text} is ${origin}`, () => assert.equal(originOf(parse(text)), origin));
  }

  const bad: Record<string, RegExp> = {
    "http://example.com": /must use https, because the address is not a loopback address/,
    "http://10.0.0.1": /must use https, because the address is not a loopback address/,
    "http://localhost.example.com": /must use https, because the address is not a loopback address/,
    "http://127.0.0.1.example.com": /must use https, because the address is not a loopback address/,
    "http://127.example.com": /must use https, because the address is not a loopback address/,
    "https://example.com/path": /must not have a path, query or fragment/,
    "https://example.com?a=b": /must not have a path, query or fragment/,
    "example.com/path": /must not have a path, query or fragment/,
    "ftp://example.com": /must have the scheme https/,
    "not a host": /must be a host, host:port or URL/,
    "": /must be a host, host:port or URL/,
    "example.com:99999": /must be a host, host:port or URL/,
  };
  for (const [text, message] of Object.entries(bad)) {
    it(`rejects ${JSON.stringify(text)}`, () =>
      assert.throws(
        () => parse(text),
        (error) => {
          assert.ok(SettingsError.isInstance(error));
          assert.equal(error.code, "InvalidEndpoint");
          assert.match(error.message, message);
          assert.match(error.message, /^Invalid endpoint from argument endpoint: /);
          return true;
        },
      ));
  }

  it("doesn't show a password in a URL", () => {
    for (const text of [
      "https://user:hush@example.com",
      "user:hush@example.com",
      "https://user:hush@example.com:99999",
      "user:hush#@example.com",
    ]) {
      assert.throws(
        () => parse(text),
        (error) => SettingsError.isInstance(error) && !error.message.includes("hush"),
      );
    }
  });

  it("of the only region", () => {
    assert.equal(originOf(inRegion("cn-shanghai", "public")), "https://outboundbot.cn-shanghai.aliyuncs.com");
    assert.equal(
      originOf(inRegion("cn-shanghai", "vpc")),
      "https://outboundbot-vpc.cn-shanghai.aliyuncs.com",
    );
    assert.throws(() => inRegion("cn-hangzhou", "public"), {
      name: "SettingsError",
      code: "UnknownRegion",
      message: /^Invalid argument region: OutboundBot isn't available in cn-hangzhou, only in cn-shanghai\./,
    });
  });
});
