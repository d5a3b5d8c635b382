import assert from "node:assert/strict";
import { inspect } from "node:util";
import { RedactedError, redact, redactLine, registerSecret } from "../../src/common/redact.js";
import {
  ArgumentError,
  ConnectionError,
  InstanceSelectionError,
  OutboundBotError,
  ServiceError,
  SettingsError,
} from "../../src/errors/errors.js";
import { foreignTexts } from "../helpers/foreignText.js";

const secret = "Planted/Shown+Secret=0123456789";
const forms = [
  secret,
  secret.toUpperCase(),
  encodeURIComponent(secret),
  encodeURIComponent(encodeURIComponent(secret)),
  Buffer.from(secret).toString("base64"),
  Buffer.from(secret).toString("base64url"),
  Buffer.from(secret).toString("hex"),
  // As written by encoders that escape only some characters, or escape twice.
  secret.replace("/", "\\/"),
  JSON.stringify({ secret }).slice(11, -2).replace("=", "\\\\u003d"),
  encodeURI(secret),
  encodeURIComponent(encodeURIComponent(encodeURIComponent(secret))).toLowerCase(),
];

/** Returns how often `indexOf` is called and characters are decoded meanwhile. */
function stepsOf(work: () => void): number {
  const { indexOf } = String.prototype;
  const { fromCharCode } = String;
  let steps = 0;
  String.prototype.indexOf = function (...args) {
    steps++;
    return indexOf.apply(this, args);
  };
  String.fromCharCode = (...codes) => {
    steps++;
    return fromCharCode(...codes);
  };
  try {
    work();
  } finally {
    String.prototype.indexOf = indexOf;
    String.fromCharCode = fromCharCode;
  }
  return steps;
}

describe("text from outside", () => {
  before(() => registerSecret(secret));

  it("is truncated and redacted in any form, even where a secret crosses the cut", () => {
    for (const form of forms) {
      assert.equal(redact(`a ${form} b`), "a [secret] b");
      assert.equal(redact(`${"x".repeat(195)}${form}`), `${"x".repeat(195)}[secr…`);
    }
    assert.equal(redact("x".repeat(5_000_000), 10), "xxxxxxxxxx…");
  });

  it("is redacted where a secret is a part of a longer text in base64", () => {
    for (const before of ["", "a", "ab", "key="]) {
      const encoded = Buffer.from(`${before}${secret}&more`).toString("base64");
      assert.match(redact(encoded), /^[\w+/]{0,8}\[secret\][\w+/]{0,8}=*$/);
    }
  });

  it("can't control a terminal, or look like another message", () => {
    assert.equal(
      redact("\u001b]8;;http://x\u0007a\rb\u009bm\u202ec\n\td"),
      "\\u001b]8;;http://x\\u0007a\\u000db\\u009bm\\u202ec\n\td",
    );
    assert.equal(redactLine("a\r\nerror:\u2028b"), "a error: b");
    assert.equal(new RedactedError("a\nerror: b").message, "a error: b");
    const error = new OutboundBotError("C\u001b[2J", "r\u001b[2J", { advice: "a\u001b[2J" });
    assert.ok(!inspect(error, { showHidden: true }).includes("\u001b"));
  });

  it("can hold secrets of any length, and any text", () => {
    registerSecret("L".repeat(5_000_000));
    registerSecret("half a surrogate \ud800 pair");
    assert.equal(redact(`a ${"L".repeat(700)} b`), "a [secret] b");
    registerSecret("/+=/+=/+=/+=");
    const startedAt = performance.now();
    for (const text of ["\\", "%25", "/", "+="]) {
      redact(text.repeat(100_000));
    }
    assert.ok(performance.now() - startedAt < 30_000);
  });

  it("is redacted in the escapes of letters, of a form and of escapes", () => {
    registerSecret("abc def\nghijklm");
    for (const form of ["%61bc+def%0aghijklm", "\\u0061bc def\\nghijklm", "abc%2520def%255Cnghijklm"]) {
      assert.equal(redact(`a ${form} b`), "a [secret] b");
    }
  });

  it("is found in about twice the steps in a text of twice the length", () => {
    for (const secret of ["\\".repeat(30), "%".repeat(30), "a".repeat(200), "%5c".repeat(20)]) {
      registerSecret(secret);
      const steps = [5_000, 10_000].map((length) =>
        stepsOf(() => redact(secret.repeat(200).slice(0, length), 20_000)),
      );
      assert.ok((steps[1] ?? 0) <= 2.2 * (steps[0] ?? 0) + 200, `${steps}`);
    }
  });

  it("forgets the least recently used secret, and keeps one that is used again", () => {
    registerSecret("used-again-0123456789");
    registerSecret("used-once-0123456789");
    for (let index = 0; index < 63; index++) {
      registerSecret("used-again-0123456789");
      registerSecret(`one-of-many-${index}-0123456789`);
    }
    assert.equal(redact("used-again-0123456789 used-once-0123456789"), "[secret] used-once-0123456789");
    registerSecret(secret);
  });

  it("is redacted in every part of an error, and a foreign cause is dropped", () => {
    const foreign = Object.assign(new Error(secret), { rawPacket: Buffer.from(secret) });
    for (const form of forms) {
      const call = { action: "A", endpoint: "https://e", statusCode: 400 };
      for (const error of [
        new OutboundBotError(form, form, { advice: form, cause: foreign }),
        new ServiceError("C", `${form} ${"x".repeat(100_000)}`, call, { cause: new RedactedError(form) }),
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
    assert.ok(
      new OutboundBotError("C", "r", { cause: new RedactedError("s") }).cause instanceof RedactedError,
    );
  });

  describe("can't bypass redact:", () => {
    /** Lines that no file may contain, by what is found in them. */
    const violations = [
      "new Error(text)",
      "new Error(`failed: ".concat("$", "{text}`)"),
      'new Error("failed", { cause })',
      "Error(text)",
      "new RangeError(text)",
      "new AggregateError([cause], text)",
      "new (class extends TypeError {})(text)",
      "Object.assign(new Error(), { message: text })",
      "new OutboundBotError(text, text).stack = text",
      "new RedactedError(text).message = text",
      "console.error(cause)",
      "process.stderr.write(text)",
    ];
    const folders = [
      "api",
      "dynamic",
      "lists",
      "lookup",
      "plugin",
      "pulumi",
      "resource",
      "settings",
      "signIn",
    ];

    it("finds a file that puts such a text into an error or prints it, in any folder", function () {
      this.timeout(180_000);
      const text = `
        import { RedactedError } from "../common/redact.js";
        import { OutboundBotError } from "../errors/errors.js";
        declare const text: string;
        declare const cause: unknown;
        ${violations.join(";\n")};
        export class Other extends SyntaxError {}
      `;
      const files = Object.fromEntries(folders.map((folder) => [`${folder}/other.ts`, text]));
      const expected = folders.flatMap((folder) =>
        [...violations, "export class Other extends SyntaxError {}"].map(
          (line) => `${folder}/other.ts: ${line}`,
        ),
      );
      assert.deepEqual(
        foreignTexts(files).sort(),
        // Its arguments pass through `redact` in the lines before.
        [...expected, "errors/errors.ts: super(compose(shownReason, advice, attempts), shownCause)"].sort(),
      );
    });
  });
});
