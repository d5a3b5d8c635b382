import assert from "node:assert/strict";
import { parseNoProxy } from "../../src/api/noProxy.js";

describe("NO_PROXY", () => {
  const cases: readonly (readonly [list: string, url: string, direct: boolean])[] = [
    ["", "https://a.example", false],
    ["*", "https://a.example", true],
    ["b.example, *", "https://a.example", true],
    ["a.example", "https://a.example", true],
    ["a.example", "https://sub.a.example", true],
    ["a.example", "https://nota.example", false],
    ["A.Example", "https://a.EXAMPLE", true],
    [".a.example", "https://sub.a.example", true],
    [".a.example", "https://a.example", false],
    ["*.a.example", "https://sub.a.example", true],
    ["*.a.example", "https://a.example", false],
    ["a.example.", "https://a.example", true],
    ["a.example", "https://a.example.", true],
    ["a.example:8443", "https://a.example:8443", true],
    ["a.example:8443", "https://a.example", false],
    ["a.example:443", "https://a.example", true],
    ["10.1.2.3", "https://10.1.2.3", true],
    ["10.1.2.3", "https://10.1.2.4", false],
    ["10.0.0.0/8", "https://10.255.0.1:9", true],
    ["10.0.0.0/8", "https://11.0.0.1", false],
    ["169.254.0.0/16", "https://169.254.100.200", true],
    ["10.0.0.0/33", "https://10.0.0.1", false],
    ["2001:db8::1", "https://[2001:db8::1]", true],
    ["[2001:db8::1]", "https://[2001:db8:0::1]:9", true],
    ["[2001:db8::1]:9", "https://[2001:db8::1]:9", true],
    ["[2001:db8::1]:9", "https://[2001:db8::1]", false],
    ["2001:db8::/32", "https://[2001:db8:1::1]", true],
    ["2001:db8::/32", "https://[2001:db9::1]", false],
    ["x, ,a.example , y", "https://a.example", true],
  ];
  for (const [list, url, direct] of cases) {
    it(`"${list}": ${url} is reached ${direct ? "directly" : "through the proxy"}`, () => {
      assert.equal(parseNoProxy(list)(new URL(url)), direct);
    });
  }
});
