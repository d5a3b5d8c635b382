import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";
import { keepSecret, ShownError, shown } from "../../src/common/shown.js";
import {
  ArgumentError,
  ConnectionError,
  InstanceSelectionError,
  OutboundBotError,
  ServiceError,
  SettingsError,
} from "../../src/errors/errors.js";

const secret = "Planted/Shown+Secret=0123456789";
const forms = [
  secret,
  secret.toUpperCase(),
  encodeURIComponent(secret),
  encodeURIComponent(encodeURIComponent(secret)),
  Buffer.from(secret).toString("base64"),
  Buffer.from(secret).toString("base64url"),
];

describe("text from outside", () => {
  before(() => keepSecret(secret));

  it("is shown shortened and without secrets in any form, even across the cut", () => {
    for (const form of forms) {
      assert.equal(shown(`a ${form} b`), "a [secret] b");
      assert.equal(shown(`${"x".repeat(195)}${form}`), `${"x".repeat(195)}[secr…`);
    }
    assert.equal(shown("x".repeat(5_000_000), 10), "xxxxxxxxxx…");
  });

  it("is shown without a secret that is a part of a longer text in base64", () => {
    for (const before of ["", "a", "ab", "key="]) {
      const encoded = Buffer.from(`${before}${secret}&more`).toString("base64");
      assert.match(shown(encoded), /^[\w+/]{0,8}\[secret\][\w+/]{0,8}=*$/);
    }
  });

  it("can hold secrets of any length, and any text", () => {
    keepSecret("L".repeat(5_000_000));
    keepSecret("half a surrogate \ud800 pair");
    assert.equal(shown(`a ${"L".repeat(700)} b`), "a [secret] b");
  });

  it("gets into no error otherwise: each part is shown as the constructor lets it, and a foreign cause is dropped", () => {
    const foreign = Object.assign(new Error(secret), { rawPacket: Buffer.from(secret) });
    for (const form of forms) {
      const call = { action: "A", endpoint: "https://e", statusCode: 400 };
      for (const error of [
        new OutboundBotError(form, form, { advice: form, cause: foreign }),
        new ServiceError("C", `${form} ${"x".repeat(100_000)}`, call, { cause: new ShownError(form) }),
        new ServiceError("C", "r", { ...call, endpoint: form, requestId: form }),
        new ConnectionError("C", "r", { ...call, endpoint: form, requestId: form }),
        new SettingsError("C", "r", { setting: form }),
        new ArgumentError("f", [{ property: form, reason: form }]),
        new InstanceSelectionError("C", "r", [{ id: form, name: `${form}${"x".repeat(5_000)}` }]),
      ]) {
        const seen = `${inspect(error, { depth: Infinity, showHidden: true })}${error.stack}${JSON.stringify(error)}`;
        assert.equal(seen.toLowerCase().includes(form.toLowerCase()), false, form);
        assert.ok(error.message.length < 30_000);
        assert.ok(JSON.stringify(error).length < 5_000);
      }
    }
    assert.equal(new OutboundBotError("C", "r", { cause: foreign }).cause, undefined);
    assert.ok(new OutboundBotError("C", "r", { cause: new ShownError("s") }).cause instanceof ShownError);
  });

  it("makes no error but those: others have literal messages, or pass through shown", () => {
    const root = join(__dirname, "..", "..", "src");
    const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter(
      // The stored provider is source code in a state, where no module of this package is loaded.
      (file) => file.endsWith(".ts") && !/^emulator|storedProvider/.test(file),
    );
    const foreign = files.flatMap((file) =>
      [
        ...readFileSync(join(root, file), "utf8").matchAll(
          /new (?:Type|Range|Aggregate)?Error\((?!\s*(?:"|`[^`$]*`|shown\()|\))[^\n]*/g,
        ),
      ].map(([found]) => `${file}: ${found}`),
    );
    assert.deepEqual(foreign, []);
    const bases = files.flatMap((file) =>
      [...readFileSync(join(root, file), "utf8").matchAll(/class (\w+) extends Error\b/g)].map(
        ([, name]) => name,
      ),
    );
    // The first two carry the cause to toConnectionError and are attached to nothing.
    assert.deepEqual(bases.sort(), [
      "BrokenExchange",
      "OutboundBotError",
      "ProxyFailure",
      "ResponseTooLarge",
      "ShownError",
    ]);
  });
});
