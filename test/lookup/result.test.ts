import assert from "node:assert/strict";
import fc from "fast-check";
import { InstanceSelectionError } from "../../src/index.js";
import { type GetInstancesArgs, type Instance, instances } from "../../src/lists/instances.js";
import { exactlyOne, toFound } from "../../src/lookup/result.js";

function instance(id: string, fields: Partial<Instance> = {}): Instance {
  return { id, instanceId: id, instanceName: "", tags: {}, ...fields };
}

function toResult(args: GetInstancesArgs, found: readonly Instance[], totalCount: number) {
  return instances.toResult(args, toFound(instances, found, totalCount));
}

describe("the result", () => {
  it("sorts by creationTime, then ID; instances without one come last, by ID", () => {
    const found = [
      instance("z"),
      instance("c", { creationTime: 2 }),
      instance("y"),
      instance("b", { creationTime: 2 }),
      instance("d", { creationTime: 0 }),
      instance("a", { creationTime: 3 }),
    ];
    assert.deepEqual(toResult({}, found, 6).ids, ["d", "b", "c", "a", "y", "z"]);
    assert.deepEqual(
      found.map(({ id }) => id),
      ["z", "c", "y", "b", "d", "a"],
      "what was handed in is left as it was",
    );
  });

  it("returns the same result for any order of the service", () => {
    const found = fc.uniqueArray(
      fc.record({ id: fc.string({ minLength: 1 }), creationTime: fc.option(fc.nat(3), { nil: undefined }) }),
      { selector: ({ id }) => id, maxLength: 12 },
    );
    fc.assert(
      fc.property(
        found.chain((list) =>
          fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
        ),
        ([one, other]) => {
          const ids = (list: typeof one) =>
            toResult(
              {},
              list.map(({ id, creationTime }) =>
                instance(id, creationTime === undefined ? {} : { creationTime }),
              ),
              0,
            ).ids;
          assert.deepEqual(ids(one), ids(other));
        },
      ),
    );
  });

  it("has ids, names, instances and TotalCount, and repeats the arguments", () => {
    const args = {
      tags: { env: "prod" },
      nameRegex: "b",
      pageSize: 10,
      outputFile: "x",
      region: "cn-shanghai",
    };
    const b = instance("b", { creationTime: 1, instanceName: "bot" });
    const a = instance("a", { creationTime: 2 });
    assert.deepEqual(toResult(args, [a, b], 17), {
      ...args,
      id: "3116839860",
      ids: ["b", "a"],
      names: ["bot", ""],
      instances: [b, a],
      totalCount: 17,
    });
  });

  // The checksums come from Python's zlib.crc32(b"a-b-"), which matches the result IDs of @pulumi/alicloud.
  it("has an id that is the CRC-32 of the ids", () => {
    assert.equal(toResult({}, [], 0).id, "0");
    assert.equal(toResult({}, [instance("a")], 1).id, "2027951212");
    assert.equal(toResult({}, [instance("a", { creationTime: 1 }), instance("b")], 2).id, "2153762713");
  });
});

describe("exactlyOne", () => {
  it("returns the only item", () => {
    const one = instance("a");
    assert.equal(exactlyOne(instances, "getInstance", {}, [one]), one);
  });

  it("reports the arguments when nothing matches", () => {
    assert.throws(
      () => exactlyOne(instances, "getInstance", { tags: { env: "prod" }, nameRegex: "^a", ids: ["x"] }, []),
      (error) => {
        assert.ok(InstanceSelectionError.isInstance(error));
        assert.equal(error.code, "InstanceNotFound");
        assert.equal(
          error.message,
          'getInstance: no instance found with tags {"env":"prod"}, nameRegex "^a", ids ["x"]. Check the arguments and the account.',
        );
        assert.deepEqual(error.candidates, []);
        return true;
      },
    );
    assert.throws(() => exactlyOne(instances, "getInstance", {}, []), {
      message: "getInstance: no instance found without arguments. Check the arguments and the account.",
    });
  });

  it("lists the candidates when several match", () => {
    assert.throws(
      () =>
        exactlyOne(instances, "getInstance", { name: "n" }, [
          instance("a", { instanceName: "one" }),
          instance("b"),
        ]),
      (error) => {
        assert.ok(InstanceSelectionError.isInstance(error));
        assert.equal(error.code, "SeveralInstancesFound");
        assert.equal(
          error.message,
          'getInstance: 2 instances found with name "n", expected one:\n  - a one\n  - b\nSelect one of them with more tags, a name or an ID.',
        );
        assert.deepEqual(error.candidates, [
          { id: "a", name: "one", instanceName: "one" },
          { id: "b", name: "", instanceName: "" },
        ]);
        return true;
      },
    );
  });

  it("lists twenty, all of them", () => {
    const twenty = Array.from({ length: 20 }, (_, index) => instance(`i${index}`));
    const lines = twenty.map(({ id }) => `  - ${id}`).join("\n");
    assert.throws(() => exactlyOne(instances, "getInstance", {}, twenty), {
      message: `getInstance: 20 instances found without arguments, expected one:\n${lines}\nSelect one of them with more tags, a name or an ID.`,
    });
  });

  it("lists twenty of many, and keeps all as candidates", () => {
    const many = Array.from({ length: 1_000 }, (_, index) => instance(`i${index}`));
    assert.throws(
      () => exactlyOne(instances, "getInstance", {}, many),
      (error) => {
        assert.ok(InstanceSelectionError.isInstance(error));
        const lines = error.message.split("\n");
        assert.equal(lines.length, 1 + 20 + 1 + 1);
        assert.equal(lines.at(-2), "  and 980 more");
        assert.equal(error.candidates.length, 1_000);
        return true;
      },
    );
  });
});
