/** The calls under way at once before anything is known of the service. */
const firstSize = 6;
/** A failing service still gets this many calls at once: that does little harm, and one at a time would take forever. */
const smallestSize = 4;
/**
 * How long the first answer of a round waits for the others before calls follow it, as a fraction of the latency. In a small round
 * that costs nothing, as the window doubles with the last answer; a large one would leave the service idle meanwhile.
 */
const settlingOfSmallRound = 1 / 2;
const settlingOfLargeRound = 1 / 25;
const largestSmallRound = 18;
/**
 * The answers of a small round are waited for until they take as long as the slowest one so far, but no longer than this, in
 * milliseconds: the first calls of a process open their connections, and so come far apart.
 */
const longestSettling = 100;

/**
 * The calls under way, and how many there may be: a window that grows each round trip while all of it is used, as in TCP's slow start,
 * and halves when the service fails.
 *
 * It grows only once every call of the round is answered: until then one of them may tell that the service
 * throttles.
 */
export class CongestionWindow {
  readonly #largestSize: number;
  /** When each of the calls under way was sent. */
  readonly #underWay: number[] = [];
  #size: number;
  #wasFull = false;
  /** When the first answer of the present round came: what was sent until then is part of it. */
  #roundEnd: number | undefined;
  #settledAt: number | undefined;
  /** How long the slowest answer so far took. */
  #slowest = 0;
  #halvedAt = Number.NEGATIVE_INFINITY;

  constructor(largestSize: number) {
    this.#largestSize = largestSize;
    this.#size = Math.min(firstSize, largestSize);
  }

  get underWay(): number {
    return this.#underWay.length;
  }

  get full(): boolean {
    return this.#underWay.length >= this.#size;
  }

  /** Until when the first answer of a round waits for the others before calls follow it. */
  get settledAt(): number {
    return this.#settledAt ?? Number.NEGATIVE_INFINITY;
  }

  /**
   * Leaves calls for the next round that it can take: 10 calls take two rounds anyway, so that 3 of them are enough to see in the first
   * one whether the service throttles.
   *
   * @param waiting the calls that wait.
   */
  spread(waiting: number): void {
    if (this.#underWay.length === 0 && waiting > this.#size) {
      this.resize(Math.min(this.#size, Math.ceil(waiting / (1 + growthOf(this.#size)))));
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

  /** To be told after `ended`. */
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
      this.#settledAt ??= now + this.#settling(now - sentAt);
    }
  }

  /** Halves the window, once for all the failures of one round trip. */
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

/** What a window of this size is multiplied by after a round: TCP doubles it, and a small one has not far to fall. */
function growthOf(size: number): number {
  return size < largestSmallRound ? 3 : 2;
}
