/** The initial window, before anything is known about the service. */
const firstSize = 6;
/** The window for a list so short that the next round can take the rest. Two calls are enough to detect throttling. */
const sizeForShortList = 2;
/**
 * The minimum window. A failing service still receives this many calls at once: they do little harm, and a single call at a time
 * would be too slow.
 */
const smallestSize = 4;
/**
 * The time to wait for the other responses of a round after a response, as a fraction of the latency. In a small round, the wait
 * starts again with each response, because a busy process receives them far apart. It costs nothing, because the window grows
 * with the last response. In a large round, the service would be idle, so the process waits once.
 */
const settlingOfSmallRound = 1 / 2;
const settlingOfLargeRound = 1 / 25;
const largestSmallRound = 18;
/**
 * The maximum wait for the responses of a small round, in milliseconds. The wait otherwise lasts as long as the slowest response
 * so far, because the first calls of a process open connections and end far apart.
 */
const longestSettling = 100;

/**
 * The congestion window: the number of calls in flight, and its limit. It grows each round trip while it is fully used, as in
 * TCP's slow start, and halves when the service fails.
 *
 * It grows only after every call of the round has a response, because any of them may still be throttled.
 */
export class CongestionWindow {
  readonly #largestSize: number;
  /** The send times of the calls in flight. */
  readonly #underWay: number[] = [];
  #size: number;
  #wasFull = false;
  /** The time of the first response in the current round. Calls sent before it belong to the round. */
  #roundEnd: number | undefined;
  #settledAt: number | undefined;
  /** The latency of the slowest response so far. */
  #slowest = 0;
  #halvedAt = Number.NEGATIVE_INFINITY;

  constructor(largestSize: number) {
    this.#largestSize = largestSize;
    this.#size = Math.min(firstSize, largestSize);
  }

  get underWay(): number {
    return this.#underWay.length;
  }

  /** Whether the window is smaller than the initial one, as for a short list. */
  get small(): boolean {
    return this.#size < firstSize;
  }

  get full(): boolean {
    return this.#underWay.length >= this.#size;
  }

  /** The time until which calls wait for more responses of the round. */
  get settledAt(): number {
    return this.#settledAt ?? Number.NEGATIVE_INFINITY;
  }

  /**
   * Moves calls to the next round if that adds no round. Nine calls take two rounds anyway, so the first round sends only two
   * calls. A window that has grown to its maximum stays, because the service has taken as many calls before. Each response then
   * admits the next call, and the process reads pages while it waits for others.
   *
   * @param waiting the number of waiting calls.
   */
  spread(waiting: number): void {
    const isFullyGrown = this.#size === this.#largestSize && this.#size > firstSize;
    if (this.#underWay.length === 0 && waiting > this.#size && !isFullyGrown) {
      const isShort = waiting <= sizeForShortList * (1 + growthOf(sizeForShortList));
      const fewest = isShort ? sizeForShortList : Math.ceil(waiting / (1 + growthOf(this.#size)));
      this.resize(Math.min(this.#size, fewest));
    }
  }

  sentAfter(time: number): number {
    return this.#underWay.filter((sentAt) => sentAt > time).length;
  }

  sent(now: number): void {
    this.#underWay.push(now);
    this.#wasFull ||= this.full;
  }

  ended(sentAt: number): void {
    this.#underWay.splice(this.#underWay.indexOf(sentAt), 1);
  }

  /** Call this after `ended`. */
  accepted(now: number, sentAt: number): void {
    this.#slowest = Math.max(this.#slowest, now - sentAt);
    const roundEnd = this.#roundEnd ?? now;
    if (this.#underWay.every((other) => other > roundEnd)) {
      if (this.#wasFull) {
        this.resize(this.#size * growthOf(this.#size));
      }
      this.#wasFull = false;
      this.#roundEnd = undefined;
      this.#settledAt = undefined;
    } else {
      this.#roundEnd = roundEnd;
      const isFirst = this.#settledAt === undefined;
      if (this.#size < this.#largestSize && (isFirst || this.#size <= largestSmallRound)) {
        this.#settledAt = now + this.#settling(now - sentAt);
      }
    }
  }

  /** Halves the window, once for all failures of one round trip. */
  failed(now: number, sentAt: number): void {
    if (sentAt >= this.#halvedAt) {
      this.resize(Math.max(smallestSize, Math.floor(this.#size / 2)));
      this.#halvedAt = now;
    }
  }

  #settling(latency: number): number {
    if (this.#size > largestSmallRound) {
      return latency * settlingOfLargeRound;
    }
    return Math.max(latency * settlingOfSmallRound, Math.min(this.#slowest - latency, longestSettling));
  }

  resize(size: number): void {
    this.#size = Math.min(size, this.#largestSize);
  }
}

/**
 * Returns the factor by which a window of this size grows after a round. TCP doubles its window. A small window grows faster,
 * because it risks little.
 */
function growthOf(size: number): number {
  if (size <= sizeForShortList) {
    return 4;
  }
  return size < largestSmallRound ? 3 : 2;
}
