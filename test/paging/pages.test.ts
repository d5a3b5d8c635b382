import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { setImmediate } from "node:timers/promises";
import { Inconsistency, type PageSource, readPages } from "../../src/paging/pages.js";
import {
  collect,
  type Item,
  items,
  type ListBehaviour,
  options,
  PagedList,
  PageTooLarge,
} from "../helpers/pagedList.js";
import { unhandledDuring } from "../helpers/unhandled.js";

describe("readPages", () => {
  async function read(list: PagedList, changes: Parameters<typeof options>[0] = {}) {
    const pages = await collect(readPages(list.source, options(changes)));
    return pages.flatMap((page) => [...page.items]);
  }

  describe("reads every item in order, for any length", () => {
    // A full last page is followed by one more call, because only an empty page proves the end of the list.
    const lengths: readonly [count: number, calls: number][] = [
      [0, 1],
      [1, 1],
      [99, 1],
      [100, 2],
      [101, 2],
      [200, 3],
      [1_000, 11],
      [100_000, 1_001],
    ];
    for (const [count, calls] of lengths) {
      it(`${count} in ${calls} calls`, async () => {
        const list = new PagedList(items(count));
        assert.deepEqual(await read(list), items(count));
        assert.equal(list.calls.length, calls);
        assert.deepEqual(new Set(list.calls.map(({ pageSize }) => pageSize)), new Set([100]));
        assert.deepEqual(
          list.calls.map(({ pageNumber }) => pageNumber),
          Array.from({ length: calls }, (_, index) => index + 1),
        );
      });
    }
  });

  it("requests an empty list without a count once", async () => {
    const list = new PagedList([], { total: () => undefined });
    assert.deepEqual(await read(list), []);
    assert.deepEqual(list.calls, [{ pageNumber: 1, pageSize: 100 }]);
  });

  it("doesn't yield the empty page that proves the end", async () => {
    const pages = await collect(readPages(new PagedList(items(200)).source, options()));
    assert.deepEqual(
      pages.map((page) => page.items.length),
      [100, 100],
    );
  });

  it("reads pages of one item", async () => {
    assert.deepEqual(await read(new PagedList(items(5)), { pageSize: 1 }), items(5));
  });

  describe("adapts to a service that returns smaller pages than requested", () => {
    for (const [count, cap] of [
      [1, 1],
      [30, 30],
      [31, 30],
      [60, 30],
      [119, 30],
      [100, 99],
      [7, 3],
    ] as const) {
      it(`${count} items, cut to ${cap} a page`, async () => {
        assert.deepEqual(await read(new PagedList(items(count), { cap })), items(count));
      });
      it(`${count} items, more than ${cap} a page rejected`, async () => {
        const list = new PagedList(items(count), { cap, refuse: true });
        assert.deepEqual(await read(list), items(count));
      });
      it(`${count} items, cut to ${cap} a page, without a TotalCount`, async () => {
        const list = new PagedList(items(count), { cap, total: () => undefined });
        assert.deepEqual(await read(list), items(count));
      });
    }

    it("requests smaller pages until one is accepted, and keeps that size", async () => {
      const list = new PagedList(items(30), { cap: 20, refuse: true });
      await read(list);
      assert.deepEqual(
        list.calls.map(({ pageNumber, pageSize }) => [pageNumber, pageSize]),
        [
          [1, 100],
          [1, 50],
          [1, 25],
          [1, 12],
          [2, 12],
          [3, 12],
        ],
      );
    });

    it("fails when a page of one item is rejected too", async () => {
      const list = new PagedList(items(30), { cap: 0, refuse: true });
      await assert.rejects(read(list), { constructor: PageTooLarge });
      assert.deepEqual(
        list.calls.map(({ pageSize }) => pageSize),
        [100, 50, 25, 12, 6, 3, 1],
      );
    });

    it("doesn't reduce the page size after another failure", async () => {
      const failure = new Error("no");
      const list = new PagedList(items(30), { before: () => Promise.reject(failure) });
      await assert.rejects(read(list), (thrown) => thrown === failure);
      assert.equal(list.calls.length, 1);
    });
  });

  describe("finds contradictions", () => {
    const contradictions: Record<string, [ListBehaviour, RegExp]> = {
      "an empty first page although TotalCount isn't 0": [
        { spoil: (page, call) => (call === 1 ? { ...page, items: [] } : page) },
        /page 1 has no instances, but TotalCount is 350/,
      ],
      "an empty page in the middle": [
        { spoil: (page, call) => (call === 2 ? { ...page, items: [] } : page) },
        /page 2 has 0 instances, expected 100 /,
      ],
      "a short page in the middle": [
        { spoil: (page, call) => (call === 3 ? { ...page, items: page.items.slice(1) } : page) },
        /page 3 has 99 instances, expected 100 /,
      ],
      "a TotalCount that is too small and ends with a full page": [
        { total: () => 300 },
        /page 4 has 50 instances, expected 0 /,
      ],
      "a TotalCount of the page alone": [{ total: () => 100 }, /page 2 has 100 instances, expected 0 /],
      "a TotalCount that is too large": [{ total: () => 351 }, /page 4 has 50 instances, expected 51 /],
      "a TotalCount that changes": [
        { total: (pageNumber) => (pageNumber < 3 ? 350 : 349) },
        /TotalCount was 350 on page 1 and 349 on page 3/,
      ],
    };
    for (const [what, [behaviour, message]] of Object.entries(contradictions)) {
      it(what, async () => {
        const list = new PagedList(items(350), behaviour);
        await assert.rejects(read(list), { constructor: Inconsistency, message });
      });
    }

    it("a service that caps the page size, reports the cap, and counts the page instead of the list", async () => {
      const list = new PagedList(items(45), { cap: 20, reported: true, total: () => 20 });
      const message = "page 2 has 20 instances, expected 0 (page size 20, TotalCount 20)";
      await assert.rejects(read(list), { constructor: Inconsistency, message });
    });

    it("a list of unknown length that repeats pages: never loops", async () => {
      const list = new PagedList(items(350), {
        total: () => undefined,
        spoil: (_page, _call, pageNumber) => ({
          items: items(200).slice(pageNumber % 2 === 1 ? 0 : 100, pageNumber % 2 === 1 ? 100 : 200),
          totalCount: undefined,
        }),
      });
      await assert.rejects(read(list), { constructor: Inconsistency, message: /page 4 repeats/ });
      assert.equal(list.calls.length, 4);
    });
  });

  for (const [count, total, cap, calls] of [
    [350, 0, 100, 5],
    [350, 99, 100, 5],
    [350, -1, 100, 5],
    [50, 0, 100, 2],
    [100, 0, 30, 5],
    [0, -1, 100, 1],
  ] as const) {
    it(`reads ${count} items to the empty page, ${cap} a page, where TotalCount is ${total}`, async () => {
      const wrong: number[] = [];
      const onWrongTotal = (totalCount: number) => void wrong.push(totalCount);
      const list = new PagedList(items(count), { cap, total: () => total });
      const pages = await collect(readPages(list.source, options({ onWrongTotal })));
      assert.deepEqual(
        pages.flatMap((page) => page.items),
        items(count),
      );
      assert.ok(pages.every(({ totalCount }) => totalCount === undefined));
      assert.equal(list.calls.length, calls);
      assert.deepEqual(wrong, [total]);
    });
  }

  it("reads one page more if the service reports a cap that the list fills exactly", async () => {
    const list = new PagedList(items(20), { cap: 20, reported: true });
    assert.deepEqual(await read(list), items(20));
    assert.equal(list.calls.length, 2);
  });

  it("accepts a later page without a count", async () => {
    const list = new PagedList(items(350), { total: (page) => (page === 1 ? 350 : undefined) });
    assert.deepEqual(await read(list), items(350));
  });

  it("reads at most `ahead` pages at once, and that many", async () => {
    const list = new PagedList(items(5_000));
    await read(list, { ahead: 7 });
    assert.equal(list.mostUnderWay, 7);
  });

  it("fails when no page may be in flight", async () => {
    await assert.rejects(read(new PagedList(items(350)), { ahead: 0 }), {
      name: "RangeError",
      message: "no page is under way",
    });
  });

  it("reads no further ahead of a waiting reader than allowed", async () => {
    const list = new PagedList(items(5_000));
    const pages = readPages(list.source, options({ ahead: 3 }));
    await pages.next();
    await pages.next();
    for (let turn = 0; turn < 20; turn++) {
      await setImmediate();
    }
    assert.equal(list.calls.length, 1 + 3);
    await pages.return();
  });

  it("reorders pages that arrive out of order", async () => {
    const list = new PagedList(items(900), {
      before: async (call) => {
        for (let turn = 0; turn < 20 - 2 * call; turn++) {
          await setImmediate();
        }
      },
    });
    assert.deepEqual(await read(list), items(900));
  });

  describe("cancels the pages in flight", () => {
    /** A list that returns only page 1; other pages end when their signal is aborted. */
    function hanging(startedPage: (pageNumber: number) => void): PageSource<Item> {
      const list = new PagedList(items(900));
      return (pageNumber, pageSize, signal) =>
        pageNumber === 1
          ? list.source(pageNumber, pageSize, signal)
          : new Promise((_, reject) => {
              signal.addEventListener("abort", () => reject(signal.reason));
              startedPage(pageNumber);
            });
    }

    it("when the signal is aborted, with its reason", async () => {
      const abort = new AbortController();
      const reason = new Error("enough");
      const source = hanging((pageNumber) => {
        if (pageNumber === 5) {
          // Only after the reader waits for a page.
          void setImmediate().then(() => abort.abort(reason));
        }
      });
      await assert.rejects(
        collect(readPages(source, options({ signal: abort.signal }))),
        (thrown) => thrown === reason,
      );
    });

    it("when one of them fails, with its failure", async () => {
      const failure = new Error("page 4");
      const hangingPages = hanging(() => undefined);
      const source: PageSource<Item> = (pageNumber, pageSize, signal) =>
        pageNumber === 4 ? Promise.reject(failure) : hangingPages(pageNumber, pageSize, signal);
      await assert.rejects(collect(readPages(source, options())), (thrown) => thrown === failure);
    });
  });

  describe("cleans up", () => {
    it("when the signal is aborted before it starts", async () => {
      const abort = new AbortController();
      const reason = new Error("enough");
      abort.abort(reason);
      const list = new PagedList(items(900));
      await assert.rejects(read(list, { signal: abort.signal }), (thrown) => thrown === reason);
    });

    it("when the signal is aborted in flight: the reason, no listener, no unhandled rejection", async () => {
      const abort = new AbortController();
      const reason = new Error("enough");
      const list = new PagedList(items(5_000), {
        before: async (call) => {
          if (call === 12) {
            abort.abort(reason);
          }
          await setImmediate();
        },
      });
      const unhandled = await unhandledDuring(async () => {
        await assert.rejects(read(list, { signal: abort.signal }), (thrown) => thrown === reason);
      });
      assert.deepEqual(unhandled, []);
      assert.deepEqual(getEventListeners(abort.signal, "abort"), []);
      assert.equal(list.underWay, 0);
    });

    it("when one page fails: its failure, the others cancelled, no listener, no unhandled rejection", async () => {
      const { signal } = new AbortController();
      const failure = new Error("page 5");
      const signals: AbortSignal[] = [];
      const list = new PagedList(items(5_000), {
        before: async (_call, pageNumber) => {
          await setImmediate();
          if (pageNumber === 5) {
            throw failure;
          }
        },
      });
      const unhandled = await unhandledDuring(async () => {
        const pages = readPages((pageNumber, pageSize, pageSignal) => {
          signals.push(pageSignal);
          return list.source(pageNumber, pageSize, pageSignal);
        }, options({ signal }));
        await assert.rejects(collect(pages), (thrown) => thrown === failure);
      });
      assert.deepEqual(unhandled, []);
      assert.deepEqual(getEventListeners(signal, "abort"), []);
      assert.deepEqual(
        signals.slice(1).filter((pageSignal) => !pageSignal.aborted),
        [],
      );
    });

    it("when the reader leaves", async () => {
      const { signal } = new AbortController();
      const list = new PagedList(items(5_000));
      const unhandled = await unhandledDuring(async () => {
        for await (const page of readPages(list.source, options({ signal }))) {
          if (page.items[0]?.id === "i300") {
            break;
          }
        }
      });
      assert.deepEqual(unhandled, []);
      assert.deepEqual(getEventListeners(signal, "abort"), []);
      assert.ok(list.calls.length <= 4 + 8, `${list.calls.length} calls`);
    });
  });
});
