import assert from "node:assert/strict";
import { sequences, tableOf, tallyChangingLists } from "../../bench/changingLists.js";
import { InconsistentListError } from "../../src/index.js";
import { mostListings, readWholeList } from "../../src/paging/wholeList.js";
import { readDocument } from "../helpers/markdown.js";
import { items, type ListBehaviour, options, PagedList } from "../helpers/pagedList.js";

describe("a verified list", () => {
  function verify(count: number, behaviour: ListBehaviour = {}) {
    const list = new PagedList(items(count), behaviour);
    const observer = { started: () => {}, pageRead: () => {} };
    return { list, found: readWholeList(list.source, options(), observer, "verified") };
  }

  /** Swaps before each of these calls: removes the first instance and appends another. */
  function swapping(calls: (call: number) => boolean) {
    let born = 0;
    const { list, found } = verify(250, {
      before: (call) => {
        if (calls(call)) {
          list.content = [...list.content.slice(1), { id: `new${born++}` }];
        }
      },
    });
    return { list, found };
  }

  for (const [what, count, behaviour, calls] of [
    ["an empty list: one call", 0, {}, 1],
    ["a list of one page: one call", 99, {}, 1],
    ["a list of a full page, and the page after it: no second listing", 100, {}, 2],
    ["several pages: two listings", 250, {}, 6],
    ["a full last page: two listings with the empty page", 200, {}, 6],
    ["pages that are cut: two listings", 100, { cap: 30 }, 8],
    ["one page without a TotalCount: two listings", 50, { total: () => undefined }, 4],
    ["a TotalCount of 0: two listings", 250, { total: () => 0 }, 8],
  ] satisfies [string, number, ListBehaviour, number][]) {
    it(`of ${what}`, async () => {
      const { list, found } = verify(count, behaviour);
      assert.deepEqual(await found, { items: items(count), totalCount: count });
      assert.equal(list.calls.length, calls);
    });
  }

  it("is read a third time after a swap during the first listing", async () => {
    const { list, found } = swapping((call) => call === 2);
    assert.deepEqual(await found, { items: list.content, totalCount: 250 });
    assert.equal(list.calls.length, 9);
  });

  it("is read a fourth time after a swap during the second listing", async () => {
    const { list, found } = swapping((call) => call === 5);
    assert.deepEqual(await found, { items: list.content, totalCount: 250 });
    assert.equal(list.calls.length, 12);
  });

  it("needs two listings in a row: one that contradicts itself between them does not count", async () => {
    const { list, found } = verify(250, {
      spoil: (page, call) => (call === 6 ? { ...page, items: [] } : page),
    });
    assert.deepEqual(await found, { items: items(250), totalCount: 250 });
    assert.deepEqual(list.calls.length, 4 * 3);
  });

  it("returns the fields of the last listing", async () => {
    const { list, found } = verify(250, {
      before: (call) => {
        if (call === 4) {
          list.content = list.content.map((item) => ({ ...item, name: "new" }));
        }
      },
    });
    assert.deepEqual((await found).items, list.content);
    assert.equal(list.calls.length, 6);
  });

  it("fails when no two listings in a row are the same", async () => {
    const { list, found } = swapping((call) => call % 3 === 2);
    await assert.rejects(found, (error) => {
      assert.ok(InconsistentListError.isInstance(error));
      assert.match(
        error.message,
        /^ListInstances failed: no consistent list after 10 attempts\. .*: two listings in a row differ\./,
      );
      return true;
    });
    assert.equal(list.calls.length, mostListings.verified * 3);
  });

  it("is never wrong in 10,000 lists that change, and a counted one as often as docs/consistency.md says", async () => {
    const tallies = await tallyChangingLists(sequences);
    for (const [service, { counted, verified }] of tallies) {
      assert.equal(verified.wrong, 0);
      if (service === "has no TotalCount") {
        assert.equal(counted.wrong, 0);
        continue;
      }
      assert.ok(verified.exact > sequences / 2, `only ${verified.exact} of ${sequences} had a list`);
      assert.ok(counted.wrong > sequences / 50, `only ${counted.wrong} of ${sequences} were hard`);
    }
    assert.ok(readDocument("docs/consistency.md").includes(`\n${tableOf(tallies).join("\n")}\n`));
  }).timeout(300_000);
});
