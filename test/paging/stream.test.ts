import assert from "node:assert/strict";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { InconsistentListError } from "../../src/index.js";
import { Inconsistency } from "../../src/paging/pages.js";
import { streamPages } from "../../src/paging/stream.js";
import { collect, type Item, items, options, PagedList } from "../helpers/pagedList.js";

/** Returns the items of a stream. */
async function* streamItems(...args: Parameters<typeof streamPages<Item>>) {
  for await (const { items } of streamPages(...args)) {
    yield* items;
  }
}

describe("streamPages", () => {
  const stream = (list: PagedList) => streamItems(list.source, options());

  for (const count of [0, 1, 100, 101, 1_000, 100_000]) {
    it(`yields ${count} items in the service's order`, async () => {
      assert.deepEqual(await collect(stream(new PagedList(items(count)))), items(count));
    });
  }

  it("yields the first items before the last page is requested", async () => {
    const list = new PagedList(items(5_000));
    const first = await stream(list)[Symbol.asyncIterator]().next();
    assert.deepEqual(first.value, { id: "i0" });
    assert.equal(list.calls.length, 1);
  });

  // Not detected, and not tested here: an insertion and a removal between two calls that leave the total the same, and an
  // instance repeated more than a page later.
  it("throws where the list changed, after yielding the items before", async () => {
    const list = new PagedList(items(350), {
      before: (call) => {
        if (call === 3) {
          list.content = [{ id: "new" }, ...list.content];
        }
      },
    });
    const got: Item[] = [];
    await assert.rejects(
      (async () => {
        for await (const item of stream(list)) {
          got.push(item);
        }
      })(),
      (error) => {
        assert.ok(InconsistentListError.isInstance(error));
        assert.match(
          error.message,
          /changed while it was being read \(TotalCount was 350 .* 351 on page 3\)/,
        );
        assert.ok(error.cause instanceof Inconsistency);
        assert.equal(error.cause.message, "TotalCount was 350 on page 1 and 351 on page 3");
        return true;
      },
    );
    assert.deepEqual(got, items(200));
  });

  it("ends a list of unknown length that repeats its last pages forever", async () => {
    let yielded = 0;
    const source = async (pageNumber: number) => ({
      items: [{ id: `i${pageNumber <= 5 ? pageNumber : 3 + (pageNumber % 3)}` }],
      totalCount: undefined,
    });
    await assert.rejects(async () => {
      for await (const _ of streamItems(source, options())) {
        yielded++;
      }
    }, /page 7 repeats an earlier page/);
    assert.equal(yielded, 6);
  });

  it("keeps nothing of the items yielded, even if the list's length is unknown", async () => {
    const page = (pageNumber: number) => [{ id: Buffer.alloc(10_000, `${pageNumber} `).toString("latin1") }];
    const source = async (pageNumber: number) => ({
      items: pageNumber > 20_000 ? [] : page(pageNumber),
      totalCount: undefined,
    });
    setFlagsFromString("--expose-gc");
    const collectGarbage: () => void = runInNewContext("gc");
    const { heapUsed } = process.memoryUsage();
    let yielded = 0;
    for await (const _ of streamItems(source, options())) {
      yielded++;
      if (yielded === 20_000) {
        collectGarbage();
        // The IDs have 200 MB.
        assert.ok(process.memoryUsage().heapUsed - heapUsed < 50e6);
      }
    }
    assert.equal(yielded, 20_000);
  });

  it("throws before it repeats an item of the adjacent page", async () => {
    const list = new PagedList(items(350), {
      spoil: (page, call) =>
        call === 2 ? { ...page, items: [{ id: "i99" }, ...page.items.slice(0, 99)] } : page,
    });
    const got: Item[] = [];
    await assert.rejects(
      (async () => {
        for await (const item of stream(list)) {
          got.push(item);
        }
      })(),
      { name: "InconsistentListError", message: /instance i99 appears twice/ },
    );
    assert.deepEqual(got, items(100));
  });

  it("reads to the empty page when TotalCount is below the length of one page, and reports it", async () => {
    const wrong: number[] = [];
    const list = new PagedList(items(350), { total: () => 0 });
    const onWrongTotal = (totalCount: number) => void wrong.push(totalCount);
    assert.deepEqual(await collect(streamItems(list.source, options({ onWrongTotal }))), items(350));
    assert.deepEqual(wrong, [0]);
  });

  it("passes other failures on unchanged", async () => {
    const failure = new Error("no");
    const list = new PagedList(items(350), { before: () => Promise.reject(failure) });
    await assert.rejects(collect(stream(list)), (thrown) => thrown === failure);
  });
});
