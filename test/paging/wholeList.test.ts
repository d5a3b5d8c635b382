import assert from "node:assert/strict";
import fc from "fast-check";
import { InconsistentListError } from "../../src/index.js";
import { Inconsistency } from "../../src/paging/pages.js";
import {
  type ListingObserver,
  mostListings,
  readOnePage,
  readWholeList,
} from "../../src/paging/wholeList.js";
import { type Item, items, options, PagedList } from "../helpers/pagedList.js";

describe("readWholeList", () => {
  const silent: ListingObserver = { started: () => {}, pageRead: () => {} };

  function gatherAll(list: PagedList, pageSize = 100, ahead = 8) {
    return readWholeList(list.source, options({ pageSize, ahead }), silent);
  }

  for (const count of [0, 1, 100, 101, 1_000, 100_000]) {
    it(`a list of ${count}`, async () => {
      assert.deepEqual(await gatherAll(new PagedList(items(count))), {
        items: items(count),
        totalCount: count,
      });
    });
  }

  it("counts the items if the service doesn't", async () => {
    const list = new PagedList(items(250), { total: () => undefined });
    assert.deepEqual(await gatherAll(list), { items: items(250), totalCount: 250 });
    assert.equal(list.calls.length, 2 * 4);
  });

  it("finds an instance that a deletion moves to a page already read, although the service doesn't count", async () => {
    const list = new PagedList(items(250), {
      total: () => undefined,
      before: (call) => {
        if (call === 2) {
          list.content = list.content.slice(1);
        }
      },
    });
    assert.deepEqual(await gatherAll(list), { items: items(250).slice(1), totalCount: 249 });
    assert.equal(list.calls.length, 3 * 4);
  });

  it("reads an empty list once, although the service doesn't count", async () => {
    const list = new PagedList([], { total: () => undefined });
    assert.deepEqual(await gatherAll(list), { items: [], totalCount: 0 });
    assert.equal(list.calls.length, 1);
  });

  for (const total of [0, 7, 99, -1]) {
    it(`counts the items if TotalCount is ${total} with 100 items on page 1, and reports it`, async () => {
      const wrong: number[] = [];
      const list = new PagedList(items(250), { total: () => total });
      const onWrongTotal = (totalCount: number) => void wrong.push(totalCount);
      const whole = await readWholeList(list.source, options({ onWrongTotal }), silent);
      assert.deepEqual(whole, { items: items(250), totalCount: 250 });
      assert.deepEqual(wrong, [total, total]);
      assert.deepEqual(
        list.calls.map(({ pageNumber }) => pageNumber),
        [1, 2, 3, 4, 1, 2, 3, 4],
      );
    });
  }

  it("starts again when an instance is repeated, and reports it", async () => {
    const list = new PagedList(items(250), {
      spoil: (page, call) => (call === 2 ? { ...page, items: items(100) } : page),
    });
    const told: unknown[] = [];
    const whole = await readWholeList(list.source, options(), {
      started: () => void told.push("started"),
      pageRead: (count, total) => void told.push([count, total]),
    });
    assert.deepEqual(whole, { items: items(250), totalCount: 250 });
    assert.deepEqual(told, ["started", [100, 250], [100, 250], "started", [100, 250], [100, 250], [50, 250]]);
  });

  for (const [what, list, why] of [
    ["a duplicate instance", () => new PagedList([...items(150), ...items(1)]), "instance i0 appears twice"],
    [
      "a TotalCount on a later page only",
      () => new PagedList(items(250), { total: (page) => (page === 1 ? undefined : 251) }),
      "the pages have 250 instances, but TotalCount is 251",
    ],
  ] as const) {
    it(`reports why it failed: ${what}`, async () => {
      await assert.rejects(gatherAll(list()), (error) => {
        assert.ok(InconsistentListError.isInstance(error));
        assert.equal(
          error.message,
          `ListInstances failed: no consistent list after 5 attempts. The list kept changing, or its TotalCount is wrong: ${why}. Retry when no instances are being created or deleted.`,
        );
        assert.ok(error.cause instanceof Inconsistency);
        assert.equal(error.cause.message, why);
        return true;
      });
    });
  }

  it("starts again after an empty page", async () => {
    const list = new PagedList(items(250), {
      spoil: (page, call) => (call === 3 ? { ...page, items: [] } : page),
    });
    assert.deepEqual((await gatherAll(list)).items, items(250));
  });

  it("fails after five listings when the service counts incorrectly", async () => {
    const list = new PagedList(items(250), { total: () => 251 });
    await assert.rejects(gatherAll(list), (error) => {
      assert.ok(InconsistentListError.isInstance(error));
      assert.equal(error.code, "InconsistentList");
      assert.match(error.message, /no consistent list after 5 attempts\. .*page 3 has 50 instances/);
      return true;
    });
    assert.equal(list.calls.filter(({ pageNumber }) => pageNumber === 1).length, mostListings.counted);
  });

  it("never loops when the service always returns page 1", async () => {
    for (const total of [250, undefined]) {
      const list = new PagedList(items(100), {
        spoil: () => ({ items: items(100), totalCount: total }),
      });
      await assert.rejects(gatherAll(list), InconsistentListError.isInstance);
      assert.ok(list.calls.length <= 5 * 3, `${list.calls.length} calls`);
    }
  });

  it("fails immediately with other failures", async () => {
    const failure = new Error("no");
    const list = new PagedList(items(250), {
      before: (call) => (call === 2 ? Promise.reject(failure) : undefined),
    });
    await assert.rejects(gatherAll(list), (thrown) => thrown === failure);
    assert.equal(list.calls.filter(({ pageNumber }) => pageNumber === 1).length, 1);
  });

  /** A change between two calls. Both positions are modulo the length of the list. */
  interface Change {
    readonly kind: "insert" | "remove";
    readonly at: number;
  }

  const change = fc.record<Change>({
    kind: fc.constantFrom("insert", "remove"),
    at: fc.nat(40),
  });
  const changesBetweenCalls = fc.array(
    fc.oneof(
      { weight: 4, arbitrary: fc.constant<Change[]>([]) },
      { weight: 1, arbitrary: fc.array(change, { minLength: 1, maxLength: 3 }) },
    ),
    { maxLength: 40 },
  );

  // Allows the one case that no client can detect: an insertion and a removal between two calls that leave the total the same.
  it("returns the exact list at one point in time, or fails, whatever changes between calls", async () => {
    let exact = 0;
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 30 }),
        fc.integer({ min: 1, max: 7 }),
        fc.integer({ min: 1, max: 4 }),
        changesBetweenCalls,
        fc.boolean(),
        async (count, pageSize, ahead, changes, forever) => {
          let content = items(count);
          let born = count;
          let unseen = false;
          const moments: Item[][] = [content];
          const list = new PagedList(content, {
            before: (call) => {
              const now = changes[forever ? (call - 1) % changes.length : call - 1] ?? [];
              const before = content.length;
              for (const { kind, at } of now) {
                content = [...content];
                if (kind === "insert") {
                  content.splice(at % (content.length + 1), 0, { id: `i${born++}` });
                } else if (content.length > 0) {
                  content.splice(at % content.length, 1);
                }
                moments.push(content);
              }
              unseen ||= now.length > 0 && content.length === before;
              list.content = content;
            },
          });
          const found = await gatherAll(list, pageSize, ahead).catch((error: unknown) => error);
          if (InconsistentListError.isInstance(found)) {
            refused++;
            return;
          }
          assert.ok(!(found instanceof Error), String(found));
          if (!unseen) {
            exact++;
            assert.ok(
              moments.some((moment) => JSON.stringify(moment) === JSON.stringify(Object(found).items)),
              `${JSON.stringify(found)} is the list of no moment of ${JSON.stringify(moments)}`,
            );
          }
        },
      ),
      { numRuns: 500 },
    );
    assert.ok(exact > 100, `only ${exact} runs had a list to compare`);
    assert.ok(refused > 0, "no run was refused, so the property says little");
  });
});

describe("readOnePage", () => {
  it("reads only that page", async () => {
    const list = new PagedList(items(250));
    assert.deepEqual(await readOnePage(list.source, 3, options()), {
      items: items(250).slice(200),
      totalCount: 250,
    });
    assert.deepEqual(list.calls, [{ pageNumber: 3, pageSize: 100 }]);
  });

  it("is empty past the end", async () => {
    assert.deepEqual(await readOnePage(new PagedList(items(250)).source, 4, options()), {
      items: [],
      totalCount: 250,
    });
  });

  it("counts the items on the page if the service doesn't", async () => {
    const list = new PagedList(items(250), { total: () => undefined });
    assert.deepEqual(await readOnePage(list.source, 3, options()), {
      items: items(250).slice(200),
      totalCount: 50,
    });
  });

  it("never accepts a shortened page", async () => {
    const list = new PagedList(items(250), { cap: 50 });
    await assert.rejects(readOnePage(list.source, 2, options()), {
      name: "InconsistentListError",
      message:
        "ListInstances failed: page 2 has 50 instances, expected 100 (page size 100, TotalCount 250). The service caps the page size, or the TotalCount is wrong. Set a smaller pageSize, or omit pageNumber to read all pages.",
    });
    // The requested page would have 20 items; these are the 50 after the first 50.
    const short = new PagedList(items(120), { cap: 50 });
    await assert.rejects(readOnePage(short.source, 2, options()), {
      message: /^ListInstances failed: page 2 has 50 instances, expected 20 /,
    });
  });

  for (const [pageNumber, count, total] of [
    // The length fits the requested page, but these are the 50 items after the first 50.
    [2, 150, 150],
    [1, 250, undefined],
    [1, 250, 50],
    [3, 110, undefined],
  ] as const) {
    it(`rejects page ${pageNumber} of ${count} items with a TotalCount of ${total} if the reported page size is 50`, async () => {
      const list = new PagedList(items(count), { cap: 50, reported: true, total: () => total });
      await assert.rejects(readOnePage(list.source, pageNumber, options()), {
        name: "InconsistentListError",
        message: `ListInstances failed: the service returned page ${pageNumber} with a page size of 50 instead of 100. Set a smaller pageSize, or omit pageNumber to read all pages.`,
      });
    });
  }

  for (const [pageNumber, count] of [
    [1, 49],
    [1, 0],
    [2, 50],
    [7, 49],
  ] as const) {
    it(`accepts page ${pageNumber} of ${count} items although the reported page size is 50`, async () => {
      const list = new PagedList(items(count), { cap: 50, reported: true });
      assert.deepEqual(await readOnePage(list.source, pageNumber, options()), {
        items: pageNumber === 1 ? items(count) : [],
        totalCount: count,
      });
    });
  }

  it("rejects a page that has an instance twice", async () => {
    for (const totalCount of [1, 2, undefined]) {
      const list = new PagedList([], { spoil: () => ({ items: [{ id: "a" }, { id: "a" }], totalCount }) });
      await assert.rejects(readOnePage(list.source, 1, options()), {
        name: "InconsistentListError",
        message:
          "ListInstances failed: instance a appears twice on page 1. Retry when no instances are being created or deleted.",
      });
    }
  });

  for (const [total, pageNumber, count] of [
    [0, 1, 100],
    [0, 3, 50],
    [49, 3, 50],
    [199, 2, 100],
  ] as const) {
    it(`ignores a TotalCount of ${total} with ${count} instances on page ${pageNumber}`, async () => {
      const wrong: number[] = [];
      const list = new PagedList(items(250), { total: () => total });
      const onWrongTotal = (totalCount: number) => void wrong.push(totalCount);
      const start = (pageNumber - 1) * 100;
      assert.deepEqual(await readOnePage(list.source, pageNumber, options({ onWrongTotal })), {
        items: items(250).slice(start, start + 100),
        totalCount: count,
      });
      assert.deepEqual(wrong, [total]);
    });
  }
});
