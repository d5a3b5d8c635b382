import type { RateLimiter } from "../src/limiter/rateLimiter.js";

/** What a service answers: it takes the call, throttles it, throttles it and says for how long, or fails. */
export type Answer = "accepted" | "throttled" | { readonly retryAfter: number } | "failed";

/** How a service answers a call that arrives at `now`. */
export type Service = (now: number) => Answer;

/** Numbers from 0 to 1 that only look random, always the same for one seed. */
export function seededRandom(seed: number): () => number {
  let state = seed;
  const next = () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
  // The first ones lie close together for seeds that do.
  for (let discarded = 0; discarded < 5; discarded++) {
    next();
  }
  return next;
}

/** A latency in milliseconds that varies by `part` of it either way. */
export function jitter(latency: number, part: number, random: () => number): () => number {
  return () => latency * (1 - part + 2 * part * random());
}

/** A limit of so many calls a second, which may vary with time, of which `burst` can be saved up. */
export function tokenBucket(perSecond: number | ((now: number) => number), burst: number): Service {
  let tokens = burst;
  let last: number | undefined;
  return (now) => {
    const rate = typeof perSecond === "number" ? perSecond : perSecond(now);
    tokens = Math.min(burst, tokens + ((now - (last ?? now)) * rate) / 1000);
    last = now;
    if (tokens < 1) {
      return "throttled";
    }
    tokens--;
    return "accepted";
  };
}

/** A limit of `calls` in any stretch of a second. */
export function slidingWindow(calls: number): Service {
  let taken: number[] = [];
  return (now) => {
    taken = taken.filter((time) => time > now - 1000);
    if (taken.length >= calls) {
      return "throttled";
    }
    taken.push(now);
    return "accepted";
  };
}

/** A limit of `calls` in each second of the clock. */
export function fixedWindow(calls: number): Service {
  let second = Number.NaN;
  let taken = 0;
  return (now) => {
    if (Math.floor(now / 1000) !== second) {
      second = Math.floor(now / 1000);
      taken = 0;
    }
    return ++taken <= calls ? "accepted" : "throttled";
  };
}

/** A service that takes every call but those with these numbers, from 1. */
export function allBut(isOther: (number: number) => boolean, other: Answer): Service {
  let number = 0;
  return () => (isOther(++number) ? other : "accepted");
}

/** One client of the simulated service. */
export interface SimulatedClient {
  readonly limiter: RateLimiter;
  /** How many calls it has to get through. */
  readonly calls: number;
  readonly startAt?: number;
  /** Whether all calls are there from the start; without it the first one goes alone, as the first page of a list does. */
  readonly together?: boolean;
}

/** How a simulation went. Times are in milliseconds. */
export interface Outcome {
  /** When the last call of each client was accepted. */
  readonly finishedAt: readonly number[];
  /** When each call arrived at the service, and what that answered. */
  readonly arrivals: readonly { readonly at: number; readonly answer: Answer }[];
  /** The tries that did not end in acceptance. */
  readonly wasted: number;
  /** The most tries that one call took. */
  readonly mostTries: number;
  readonly mostUnderWay: number;
}

/**
 * Runs clients against a service, on a clock of its own. A call that was not accepted goes to the end of its client's
 * queue at once. A try reaches the service after half of its latency.
 */
export function simulate(
  service: Service,
  latency: () => number,
  clients: readonly SimulatedClient[],
  startAt = 0,
): Outcome {
  const agenda = new Agenda();
  const finishedAt = clients.map(() => Number.NaN);
  const arrivals: { at: number; answer: Answer }[] = [];
  let wasted = 0;
  let mostTries = 0;
  let underWay = 0;
  let mostUnderWay = 0;

  for (const [index, client] of clients.entries()) {
    const { limiter } = client;
    const queue = Array.from({ length: client.together ? client.calls : 1 }, () => ({ tries: 0 }));
    let left = client.calls;
    let wakeAt = Number.NaN;
    const pump = (start: number) => {
      // As in life, no two calls are sent at quite the same time.
      for (let now = start; ; now += 0.001) {
        const wait = queue.length > 0 ? limiter.wait(now, queue.length) : Number.POSITIVE_INFINITY;
        if (wait > 0) {
          if (wait < Number.POSITIVE_INFINITY && !(wakeAt > now && wakeAt <= now + wait)) {
            wakeAt = now + wait;
            agenda.add(wakeAt, pump);
          }
          return;
        }
        send(now);
      }
    };
    const send = (now: number) => {
      const call = queue.shift() ?? { tries: 0 };
      mostTries = Math.max(mostTries, ++call.tries);
      limiter.sent(now);
      mostUnderWay = Math.max(mostUnderWay, ++underWay);
      const taken = latency();
      agenda.add(now + taken / 2, (arrival) => {
        const answer = service(arrival);
        arrivals.push({ at: arrival, answer });
        agenda.add(now + taken, (end) => {
          underWay--;
          if (answer === "accepted") {
            limiter.accepted(end, now);
            if (left === client.calls && !client.together) {
              queue.push(...Array.from({ length: client.calls - 1 }, () => ({ tries: 0 })));
            }
            if (--left === 0) {
              finishedAt[index] = end;
            }
          } else {
            wasted++;
            queue.push(call);
            if (answer === "failed") {
              limiter.failed(end, now);
            } else {
              limiter.throttled(end, now, answer === "throttled" ? undefined : answer.retryAfter);
            }
          }
          pump(end);
        });
      });
    };
    agenda.add(client.startAt ?? startAt, pump);
  }
  agenda.run();
  return { finishedAt, arrivals, wasted, mostTries, mostUnderWay };
}

/** What is to happen, in the order of time. */
class Agenda {
  readonly #events: { at: number; run: (now: number) => void }[] = [];

  add(at: number, run: (now: number) => void): void {
    let low = 0;
    let high = this.#events.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#events[middle]?.at ?? at) > at) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    this.#events.splice(low, 0, { at, run });
  }

  run(): void {
    for (let event = this.#events.shift(); event !== undefined; event = this.#events.shift()) {
      event.run(event.at);
    }
  }
}
