import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { onAbort } from "../../src/common/abort.js";

describe("onAbort", () => {
  const listenersOf = (signal: AbortSignal) => getEventListeners(signal, "abort").length;

  it("calls the callbacks once, in the order in which they were added", () => {
    const abort = new AbortController();
    const called: number[] = [];
    for (const number of [1, 2, 3]) {
      onAbort(abort.signal, () => called.push(number));
    }
    assert.deepEqual(called, []);
    abort.abort();
    abort.abort();
    assert.deepEqual(called, [1, 2, 3]);
    assert.equal(listenersOf(abort.signal), 0);
  });

  it("doesn't call a removed callback, even if an earlier callback removes it", () => {
    const abort = new AbortController();
    const called: number[] = [];
    onAbort(abort.signal, () => called.push(0))();
    onAbort(abort.signal, () => {
      called.push(1);
      removeSecond();
    });
    const removeSecond = onAbort(abort.signal, () => called.push(2));
    const removeThird = onAbort(abort.signal, () => called.push(3));
    abort.abort();
    removeThird();
    assert.deepEqual(called, [1, 3]);
  });

  it("adds one listener for all callbacks, and removes it with the last one", () => {
    const { signal } = new AbortController();
    const removals = Array.from({ length: 100 }, () => onAbort(signal, () => {}));
    assert.equal(listenersOf(signal), 1);
    for (const remove of removals) {
      remove();
      remove();
    }
    assert.equal(listenersOf(signal), 0);
    onAbort(signal, () => {});
    assert.equal(listenersOf(signal), 1);
  });
});
