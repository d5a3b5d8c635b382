import assert from "node:assert/strict";
import { once } from "node:events";
import { PassThrough } from "node:stream";
import { pauseIfLarge } from "../../src/api/largeResponses.js";

const large = 256 * 1024;

describe("receiving responses", () => {
  it("pauses a large response while eight others are received, and resumes in order", async () => {
    const responses = Array.from({ length: 10 }, () => new PassThrough().resume());
    for (const response of responses) {
      pauseIfLarge(response, 0, large - 1);
      pauseIfLarge(response, large - 1, large);
      pauseIfLarge(response, large, large + 1);
    }
    const paused = () =>
      responses.flatMap((response, index) => (response.isPaused() && !response.destroyed ? [index] : []));
    assert.deepEqual(paused(), [8, 9]);
    for (const [ended, waiting] of [
      [8, [9]],
      [0, []],
    ] as const) {
      responses[ended]?.destroy();
      await once(responses[ended] ?? new PassThrough(), "close");
      assert.deepEqual(paused(), waiting);
    }
    for (const response of responses) {
      response.destroy();
    }
  });
});
