import assert from "node:assert/strict";
import fc from "fast-check";
import { parseJson } from "../../src/api/json.js";

describe("parseJson", () => {
  const parse = (text: string) => parseJson(text, ["CreatorId"]);

  const exact: Record<string, unknown> = {
    '{"CreatorId": 9007199254740993}': { CreatorId: "9007199254740993" },
    '{"CreatorId":9223372036854775807}': { CreatorId: "9223372036854775807" },
    '{"CreatorId" : -9007199254740993 , "b": 1}': { CreatorId: "-9007199254740993", b: 1 },
    '[{"CreatorId":\n\t12345678901234567890\n}]': [{ CreatorId: "12345678901234567890" }],
    '{"CreatorId": 7}': { CreatorId: 7 },
    '{"CreatorId": 8999999999999999}': { CreatorId: 8999999999999999 },
    '{"CreatorId": 9007199254740991}': { CreatorId: "9007199254740991" },
    '{"CreatorId": "9007199254740993"}': { CreatorId: "9007199254740993" },
    '{"CreatorId": null, "x": 12345678901234567}': { CreatorId: null, x: 12345678901234568 },
    '{"CreatorId": 12345678901234567.5}': { CreatorId: 12345678901234568 },
    '{"CreatorId": 12345678901234567e2}': { CreatorId: 1234567890123456800 },
    '{"OtherId": 9007199254740993}': { OtherId: 9007199254740992 },
  };
  for (const [text, value] of Object.entries(exact)) {
    it(text.replaceAll(/\s+/g, " "), () => assert.deepEqual(parse(text), value));
  }

  it("doesn't change texts that look like the field", () => {
    for (const text of [
      '"CreatorId":9007199254740993,',
      '{"CreatorId": 9007199254740993}',
      '\\"CreatorId": 9007199254740993,',
      "x\\",
      'CreatorId":9007199254740993}',
    ]) {
      const value = { InstanceName: text, list: [text, { [text]: text }], CreatorId: "9007199254740993" };
      const wire = JSON.stringify(value).replace('"9007199254740993"', "9007199254740993");
      assert.deepEqual(parse(JSON.stringify(value)), value);
      assert.deepEqual(parse(wire), value);
    }
  });

  it("parses any JSON like JSON.parse, except for the field", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value, id) => {
        const json = JSON.stringify(value);
        const parsed = parse(`{"a":${json},"CreatorId":${id},"b":${json}}`);
        const { a, CreatorId, b } = Object(parsed);
        assert.deepEqual([a, String(CreatorId), b], [JSON.parse(json), String(id), JSON.parse(json)]);
      }),
    );
  });

  for (const text of ["", "{", "<html>", '{"CreatorId": 9007199254740993', "undefined", '{"a":01}']) {
    it(`rejects ${JSON.stringify(text)}`, () => assert.throws(() => parse(text), SyntaxError));
  }
});
