import assert from "node:assert/strict";
import { Reader, UnreadableField } from "../../src/api/reader.js";
import { reader } from "../helpers/wire.js";

describe("Reader", () => {
  for (const value of ["[]", "null", '"text"', "7", "true"]) {
    it(`rejects ${value} as a response`, () =>
      assert.throws(() => reader(value), {
        constructor: UnreadableField,
        message: "the response is not an object",
      }));
  }

  it("states the path of a field in the response", () => {
    const list = reader('{"a": [{"b": [{}, {"c": 1}]}]}').list("a")?.[0]?.list("b");
    assert.throws(() => list?.[1]?.string("c"), { message: "a[0].b[1].c is not a string" });
    assert.throws(() => reader('{"a": [[]]}').list("a"), { message: "a[0] is not an object" });
  });

  it("replaces half a character, with a warning", () => {
    const fields = reader('{"a": "cut \\ud83d", "t": [{"Key": "\\ude00k", "Value": "\\ud83d"}]}');
    assert.equal(fields.string("a"), "cut \ufffd");
    assert.deepEqual(fields.tags("t"), { "\ufffdk": "\ufffd" });
    assert.deepEqual(
      fields.warnings,
      ["a", "t[0].Key", "t[0].Value"].map((at) => `${at} contains half a character (replaced by U+FFFD)`),
    );
  });

  it("treats null as absent", () => {
    const nothing = reader('{"a": null}');
    for (const name of ["a", "b"]) {
      assert.equal(nothing.string(name), undefined);
      assert.equal(nothing.integer(name), undefined);
      assert.equal(nothing.longInteger(name), undefined);
      assert.equal(nothing.boolean(name), undefined);
      assert.equal(nothing.list(name), undefined);
    }
  });

  it("distinguishes 0, the empty text and false from absent", () => {
    const fields = new Reader({ zero: 0, empty: "", no: false, none: [] });
    assert.equal(fields.integer("zero"), 0);
    assert.equal(fields.string("empty"), "");
    assert.equal(fields.boolean("no"), false);
    assert.deepEqual(fields.list("none"), []);
  });
});
