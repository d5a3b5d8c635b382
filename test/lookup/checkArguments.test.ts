import assert from "node:assert/strict";
import { ArgumentError } from "../../src/index.js";
import { type GetInstancesArgs, instances } from "../../src/lists/instances.js";
import { checkArguments as check, argumentNames as namesOf } from "../../src/lookup/checkArguments.js";

describe("arguments", () => {
  const argumentNames = namesOf(instances, "getInstances");
  const checkArguments = (called: string, args: unknown) => check(instances, called, args);
  const loneSurrogate = "a\ud800b";

  function problemsOf(args: unknown, called = "getInstances"): Record<string, string> {
    try {
      checkArguments(called, args);
    } catch (error) {
      assert.ok(ArgumentError.isInstance(error), String(error));
      assert.equal(error.code, "InvalidArguments");
      return Object.fromEntries(error.problems.map(({ property, reason }) => [property, reason]));
    }
    return {};
  }

  describe("are accepted", () => {
    const all: Required<GetInstancesArgs> = {
      tags: { env: "prod", "a b": "", 部门: "客服 & co" },
      name: "催收",
      nameRegex: "^催.*(?i)bot$",
      ids: ["a", "b", "a"],
      resourceGroupId: "rg-acfm3iugit3uw7a",
      pageSize: 100,
      consistency: "counted",
      pageNumber: 2_147_483_647,
      outputFile: "out.json",
      region: "cn-shanghai",
      endpoint: "localhost:1",
      profile: "dev",
    };
    const accepted: Record<string, GetInstancesArgs> = {
      "every argument": all,
      "no arguments": {},
      "empty tags": { tags: {} },
      "an empty list of IDs": { ids: [] },
      "a verified list": { consistency: "verified" },
      "the minimum numbers": { pageSize: 1, pageNumber: 1 },
      "characters beyond the basic plane": { name: "🤖", tags: { "🤖": "🤖" } },
    };
    for (const [what, args] of Object.entries(accepted)) {
      it(what, () => assert.deepEqual(checkArguments("getInstances", args), args));
    }

    it("undefined as not given", () => {
      assert.deepEqual(checkArguments("getInstances", undefined), {});
      const undefinedOnes = Object.fromEntries(argumentNames.map((name) => [name, undefined]));
      assert.deepEqual(Object.keys(checkArguments("getInstances", undefinedOnes)), []);
    });

    it("as a copy", () => {
      const args = { tags: { env: "prod" }, ids: ["a"] };
      const checked = checkArguments("getInstances", args);
      args.tags.env = "dev";
      args.ids.push("b");
      assert.deepEqual(checked, { tags: { env: "prod" }, ids: ["a"] });
    });

    it("from getters, each read once", () => {
      let read = 0;
      const args = {
        get name() {
          read++;
          return "a";
        },
      };
      assert.deepEqual(checkArguments("getInstances", args), { name: "a" });
      assert.equal(read, 1);
    });

    it("from an object without a prototype", () => {
      const tags = Object.assign(Object.create(null), { env: "prod" });
      const args = Object.assign(Object.create(null), { tags });
      assert.deepEqual(checkArguments("getInstances", args), { tags: { env: "prod" } });
    });

    it("a tag named __proto__, constructor or toString is a tag like any other", () => {
      const tags: unknown = JSON.parse('{"__proto__": "x", "constructor": "y", "toString": "z"}');
      const checked = checkArguments("getInstances", { tags });
      assert.deepEqual(Object.entries(checked.tags ?? {}), [
        ["__proto__", "x"],
        ["constructor", "y"],
        ["toString", "z"],
      ]);
      assert.equal(Object.getPrototypeOf(checked.tags), Object.prototype);
    });
  });

  describe("are rejected", () => {
    class Custom {
      env = "prod";
    }
    const notText: readonly [unknown, string][] = [
      [null, "must be a string, got null"],
      [7, "must be a string, got 7"],
      [7n, "must be a string, got the bigint 7"],
      [true, "must be a string, got true"],
      [["a"], "must be a string, got a list"],
      [{}, "must be a string, got a value of type object"],
      [() => "a", "must be a string, got a value of type function"],
      [Symbol("a"), "must be a string, got a value of type symbol"],
      [Promise.resolve("a"), "must be a string, got a Promise (await it first)"],
      ["", "must not be empty; omit it to match any"],
      [loneSurrogate, "must be well-formed Unicode, but contains a lone surrogate"],
    ];
    for (const name of [
      "name",
      "nameRegex",
      "resourceGroupId",
      "outputFile",
      "region",
      "endpoint",
      "profile",
    ]) {
      for (const [value, reason] of notText) {
        it(`${name}: ${reason}`, () => assert.deepEqual(problemsOf({ [name]: value }), { [name]: reason }));
      }
    }

    for (const [name, largest] of [
      ["pageSize", 100],
      ["pageNumber", 2_147_483_647],
    ] as const) {
      for (const [value, shown] of [
        [0, "0"],
        [-0, "0"],
        [-1, "-1"],
        [1.5, "1.5"],
        [largest + 1, String(largest + 1)],
        [Number.NaN, "NaN"],
        [Number.POSITIVE_INFINITY, "Infinity"],
        ["1", "a string"],
        [1n, "the bigint 1"],
        [null, "null"],
        [[1], "a list"],
      ] as const) {
        it(`${name}: ${typeof value} ${shown}`, () =>
          assert.deepEqual(problemsOf({ [name]: value }), {
            [name]: `must be a whole number from 1 to ${largest}, got ${shown}`,
          }));
      }
    }

    const others: Record<string, [args: unknown, problems: Record<string, string>]> = {
      "null as arguments": [null, { "": "the arguments must be an object, got null" }],
      "a list as arguments": [[], { "": "the arguments must be an object, got a list" }],
      "a text as arguments": ["prod", { "": "the arguments must be an object, got a string" }],
      "a Map as arguments": [
        new Map(),
        { "": "the arguments must be an object, got a value of type object" },
      ],
      "a Promise as arguments": [
        Promise.resolve({}),
        { "": "the arguments must be an object, got a Promise (await it first)" },
      ],
      "tags: null": [{ tags: null }, { tags: "must be a map of strings, got null" }],
      "tags: a list": [{ tags: [{ Key: "a" }] }, { tags: "must be a map of strings, got a list" }],
      "tags: a Map": [
        { tags: new Map([["env", "prod"]]) },
        { tags: "must be a map of strings, got a value of type object" },
      ],
      "tags: a Date": [
        { tags: new Date() },
        { tags: "must be a map of strings, got a value of type object" },
      ],
      "tags: an instance of a class": [
        { tags: new Custom() },
        { tags: "must be a map of strings, got a value of type object" },
      ],
      "tags: a string": [{ tags: "env=prod" }, { tags: "must be a map of strings, got a string" }],
      "tags: values that aren't strings": [
        { tags: { a: 1, "b c": null, 'd"\\': undefined, 部门: ["x"], e: { f: "g" } } },
        {
          "tags.a": "must be a string, got 1",
          'tags["b c"]': "must be a string, got null",
          'tags["d\\"\\\\"]': "must be a string, got undefined",
          'tags["部门"]': "must be a string, got a list",
          "tags.e": "must be a string, got a value of type object",
        },
      ],
      "tags: an empty key": [{ tags: { "": "a" } }, { 'tags[""]': "must not have an empty key" }],
      "tags: half a surrogate pair in a value": [
        { tags: { a: loneSurrogate } },
        { "tags.a": "must be well-formed Unicode, but contains a lone surrogate" },
      ],
      "tags: half a surrogate pair in a key": [
        { tags: { [loneSurrogate]: "a" } },
        {
          [`tags["${loneSurrogate.toWellFormed()}"]`]:
            "must be well-formed Unicode, but contains a lone surrogate",
        },
      ],
      "ids: null": [{ ids: null }, { ids: "must be a list of strings, got null" }],
      "ids: a string": [{ ids: "a" }, { ids: "must be a list of strings, got a string" }],
      "ids: a Set": [
        { ids: new Set(["a"]) },
        { ids: "must be a list of strings, got a value of type object" },
      ],
      "ids: elements that aren't IDs": [
        { ids: ["a", "", 3, null, undefined, loneSurrogate] },
        {
          "ids[1]": "must not be empty; omit it to match any",
          "ids[2]": "must be a string, got 3",
          "ids[3]": "must be a string, got null",
          "ids[4]": "must be a string, got undefined",
          "ids[5]": "must be well-formed Unicode, but contains a lone surrogate",
        },
      ],
      "ids: holes": [
        // biome-ignore lint/suspicious/noSparseArray: the test needs a hole
        { ids: ["a", , "b"] },
        { "ids[1]": "must be a string, got undefined" },
      ],
      "a misspelled name": [
        { tag: {}, Ids: [], page_size: 1, nmae: "a", resourceGroupName: "a" },
        {
          tag: "is not an argument of getInstances; did you mean tags?",
          Ids: "is not an argument of getInstances; did you mean ids?",
          page_size: "is not an argument of getInstances; did you mean pageSize?",
          nmae: "is not an argument of getInstances; did you mean name?",
          resourceGroupName: "is not an argument of getInstances; did you mean resourceGroupId?",
        },
      ],
      "an unknown consistency": [
        { consistency: "exact" },
        { consistency: "must be counted or verified, got a string" },
      ],
      "a consistency that isn't a string": [
        { consistency: true },
        { consistency: "must be counted or verified, got true" },
      ],
      "pageNumber with consistency: verified": [
        { consistency: "verified", pageNumber: 1 },
        { consistency: "must not be verified for a single page; omit pageNumber" },
      ],
      "an unknown name": [
        { "what ever": 1 },
        {
          '["what ever"]':
            "is not an argument of getInstances; use one of tags, name, nameRegex, resourceGroupId, ids, pageSize, consistency, region, endpoint, profile, pageNumber, outputFile",
        },
      ],
      "a name that every object inherits": [
        JSON.parse('{"__proto__": {"name": "a"}}'),
        {
          __proto__: null,
          ...JSON.parse(
            `{"__proto__": "is not an argument of getInstances; use one of ${argumentNames.join(", ")}"}`,
          ),
        },
      ],
    };
    for (const [what, [args, problems]] of Object.entries(others)) {
      it(what, () => assert.deepEqual({ ...problemsOf(args) }, { ...problems }));
    }

    it("an unknown name, even if its value is undefined", () => {
      assert.deepEqual(Object.keys(problemsOf({ tagz: undefined })), ["tagz"]);
    });

    for (const called of ["getInstance", "listInstances"] as const) {
      it(`pageNumber and outputFile by ${called}`, () => {
        assert.deepEqual(Object.keys(problemsOf({ pageNumber: 1, outputFile: "a" }, called)), [
          "pageNumber",
          "outputFile",
        ]);
      });
    }

    for (const pattern of ["(", "a{2,1}", "(?=a)", "(a)\\1", "[z-a]", "*"]) {
      it(`nameRegex ${pattern}, which is not RE2`, () => {
        const { nameRegex, ...others } = problemsOf({ nameRegex: pattern });
        assert.match(nameRegex ?? "", /^is not a valid RE2 regular expression: [^`]{10,}$/);
        assert.deepEqual(others, {});
      });
    }

    it("all at once, in a message that names each one", () => {
      assert.throws(
        () => checkArguments("getInstance", { tags: { a: 1 }, ids: [""], pageSize: 0, nam: "x" }),
        (error) => {
          assert.ok(ArgumentError.isInstance(error));
          assert.equal(
            error.message,
            `getInstance: invalid arguments (4 problems)
  - nam is not an argument of getInstance; did you mean name?
  - tags.a must be a string, got 1
  - ids[0] must not be empty; omit it to match any
  - pageSize must be a whole number from 1 to 100, got 0`,
          );
          return true;
        },
      );
    });

    it("alone, in one line", () => {
      assert.throws(() => checkArguments("getInstances", { pageSize: 101 }), {
        message: "getInstances: pageSize must be a whole number from 1 to 100, got 101.",
      });
    });

    it("without repeating a text, which may be a misplaced secret", () => {
      assert.throws(
        () =>
          checkArguments("getInstances", {
            tags: "LTAI-secret",
            ids: "LTAI-secret",
            pageSize: "LTAI-secret",
          }),
        (error) => error instanceof Error && !error.message.includes("LTAI"),
      );
    });
  });
});
