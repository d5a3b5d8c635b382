import assert from "node:assert/strict";
import { Reader, UnreadableField } from "../../src/api/reader.js";
import { reader } from "../helpers/wire.js";

describe("Reader", () => {
  for (const value of ["[]", "null", '"text"', "7", "true"]) {
    it(`refuses ${value} as an answer`, () =>
      assert.throws(() => reader(value), {
        constructor: UnreadableField,
        message: "the answer is not an object",
      }));
  }

  it("says where in the answer a field stands", () => {
    const list = reader('{"a": [{"b": [{}, {"c": 1}]}]}').list("a")?.[0]?.list("b");
    assert.throws(() => list?.[1]?.string("c"), { message: "a[0].b[1].c is not a string" });
    assert.throws(() => reader('{"a": [[]]}').list("a"), { message: "a[0] is not an object" });
  });

  it("takes null for a field that was left out", () => {
    const nothing = reader('{"a": null}');
    for (const name of ["a", "b"]) {
      assert.equal(nothing.string(name), undefined);
      assert.equal(nothing.integer(name), undefined);
      assert.equal(nothing.longInteger(name), undefined);
      assert.equal(nothing.boolean(name), undefined);
      assert.equal(nothing.list(name), undefined);
    }
  });

  it("tells 0, the empty text and false from nothing", () => {
    const fields = new Reader({ zero: 0, empty: "", no: false, none: [] });
    assert.equal(fields.integer("zero"), 0);
    assert.equal(fields.string("empty"), "");
    assert.equal(fields.boolean("no"), false);
    assert.deepEqual(fields.list("none"), []);
  });
});
